// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// One list for every Swift target: see README, "How the code is laid out".
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["MESHTOP_STRICT"] == "1" ? [.treatAllWarnings(as: .error)] : [])

func library(
    _ name: String, _ dependencies: [Target.Dependency] = [], more: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings + more)
}

/// The targets that every proxied request runs through: each worker's state is touched by one thread, so accesses are not checked
/// for exclusivity at run time (bounds and overflows are), and small functions are inlined across the targets. They are optimised in
/// debug builds too: the tests count what a request takes from the heap, where loops that are not specialised take blocks of their own.
let hot: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked", "-cross-module-optimization"], .when(configuration: .release)),
    .unsafeFlags(["-O"], .when(configuration: .debug)),
]

/// The folders of a test target that hold no sources: the tests read what is in them by path.
func data(of tests: String) -> [String] {
    ["Cases", "Goldens"].filter {
        FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/Tests/\(tests)/\($0)")
    }
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        exclude: data(of: name + "Tests"), swiftSettings: settings)
}

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]

let package = Package(
    name: "meshtop",
    products: [
        .executable(name: "meshtop", targets: ["meshtop"]),
        .executable(name: "meshtop-bench", targets: ["meshtop-bench"]),
    ],
    dependencies: [
        // Sockets and event loops of the embedded proxy and the admin server.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        // The command line.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // Latency histograms of the proxy.
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        // Certificates in `proxy-config secret`.
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        // What those certificates are encoded in.
        .package(url: "https://github.com/apple/swift-asn1", from: "1.3.0"),
    ],
    targets: [
        // C
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
        .target(name: "CNCurses", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),

        // Pure: no files, sockets, clocks, threads, terminal
        library("Documents", ["CLibYAML"]),
        library("MeshModel", ["Documents"]),
        library("EnvoyModel", ["Documents"]),
        library("Translation", ["MeshModel", "EnvoyModel", "Documents"]),
        library("TrafficEngine", ["EnvoyModel", "Documents", "CRE2"], more: hot),
        library("Paths", ["MeshModel", "EnvoyModel", "TrafficEngine", "Documents"]),
        library(
            "Certificates",
            [
                "Documents", .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ]),
        library("Analysis", ["MeshModel", "Documents", "Certificates", "CRE2"]),
        library(
            "ProxyCore",
            [
                "EnvoyModel", "TrafficEngine", "Documents",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ], more: hot),
        library("CurlCommand"),
        library(
            "Presentation",
            [
                "Documents", "MeshModel", "EnvoyModel", "TrafficEngine", "Paths", "Analysis", "CurlCommand",
                "Certificates",
            ]),
        library("BehaviourDiff", ["Documents", "EnvoyModel", "TrafficEngine"]),
        library("RouteChecks", ["Documents", "EnvoyModel", "TrafficEngine", "Presentation"]),

        library("Tutorial", ["Documents", "MeshModel", "CurlCommand", "Presentation"]),

        // Search and proof: knows requests and manifests
        library(
            "WhyNot",
            ["Documents", "MeshModel", "EnvoyModel", "Translation", "TrafficEngine", "CurlCommand", "Presentation"]),

        // I/O
        library("ManifestStore", ["MeshModel", "Documents"]),
        library("ProxyRuntime", ["EnvoyModel", "TrafficEngine", "ProxyCore", "Documents", "CLinux"] + nio, more: hot),
        library(
            "AdminAPI",
            ["EnvoyModel", "Documents", "CRE2", .product(name: "NIOHTTP1", package: "swift-nio")] + nio),

        // Terminal
        library("TerminalUI", ["Documents"]),
        library("MeshtopUI", ["Presentation", "Paths", "EnvoyModel", "TerminalUI", "Documents", "TrafficEngine"]),
        library("NCursesTerminal", ["TerminalUI", "CNCurses", "Documents"]),

        // Root
        .executableTarget(
            name: "meshtop",
            dependencies: [
                "Documents", "MeshModel", "EnvoyModel", "Translation", "TrafficEngine", "Paths", "Analysis",
                "ProxyCore", "CurlCommand", "Presentation", "BehaviourDiff", "RouteChecks", "Tutorial", "WhyNot",
                "ManifestStore",
                "ProxyRuntime", "AdminAPI", "TerminalUI", "MeshtopUI", "NCursesTerminal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ] + nio,
            swiftSettings: settings),
        .executableTarget(
            name: "meshtop-bench",
            dependencies: [
                "CLibYAML", "Documents", "MeshModel", "EnvoyModel", "ManifestStore", "Translation", "TrafficEngine",
                "Analysis", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // Tests
        .target(name: "TestSupport", dependencies: ["Documents"], path: "Tests/TestSupport", swiftSettings: settings),
        tests("Documents"),
        tests("MeshModel", ["Documents"]),
        tests("EnvoyModel", ["Documents"]),
        tests("Certificates", ["Documents"]),
        tests("Analysis", ["MeshModel", "Documents"]),
        tests("Translation", ["MeshModel", "EnvoyModel", "Documents"]),
        tests("TrafficEngine", ["EnvoyModel", "Documents"]),
        tests("Paths", ["MeshModel", "EnvoyModel", "Translation", "TrafficEngine", "Documents"]),
        .target(name: "CAllocations", path: "Tests/CAllocations"),
        tests("ProxyCore", ["EnvoyModel", "TrafficEngine", "Documents", "CAllocations"]),
        tests("CurlCommand"),
        tests("Tutorial", ["Documents", "MeshModel", "CurlCommand"]),
        tests(
            "Presentation",
            ["EnvoyModel", "TrafficEngine", "Paths", "MeshModel", "CurlCommand", "Translation", "Documents"]),
        tests("BehaviourDiff", ["Documents", "EnvoyModel", "TrafficEngine"]),
        tests("RouteChecks", ["Documents", "EnvoyModel", "TrafficEngine"]),
        tests(
            "WhyNot",
            [
                "EnvoyModel", "TrafficEngine", "MeshModel", "CurlCommand", "Translation", "Documents", "Presentation",
                "Analysis",
            ]),
        tests("ManifestStore", ["MeshModel", "Documents"]),
        tests("ProxyRuntime", ["EnvoyModel", "TrafficEngine", "ProxyCore", "Documents"] + nio),
        tests("AdminAPI", ["EnvoyModel", "Documents"] + nio),
        tests("TerminalUI"),
        tests("MeshtopUI", ["TerminalUI", "Presentation", "Paths", "EnvoyModel", "TrafficEngine", "Documents"]),
        .testTarget(
            name: "EndToEndTests", dependencies: ["TestSupport", "Documents"], exclude: data(of: "EndToEndTests"),
            swiftSettings: settings),
    ]
)
