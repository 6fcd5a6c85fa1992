import ArgumentParser
import EnvoyModel
import Glibc
import Presentation
import Translation

/// `-o` and `--compat`.
struct OutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("short, json or yaml.", valueName: "format"))
    var output = "short"

    @Option(help: "The layout of the tables: today's, or an older Istio's.")
    var compat = ProxyConfigReport.Compatibility.current

    func report() throws(ProxyConfigError) -> ProxyConfigReport {
        var report = ProxyConfigReport(try OutputFormat(parsing: output))
        report.compatibility = compat
        return report
    }
}

extension ProxyConfigReport.Compatibility: ExpressibleByArgument {}

/// A kind whose table can be had of configuration that is there already.
protocol ComputedTable {
    var options: ProxyConfigOptions { get }
    var format: OutputOptions { get set }
    func text(_ input: ProxyConfigInput) throws -> String
}

extension ProxyConfig {
    struct Listeners: AsyncParsableCommand, ComputedTable {
        static let configuration = CommandConfiguration(
            commandName: "listeners", abstract: "Listeners and their filter chains", aliases: ["listener", "l"])

        @OptionGroup var options: ProxyConfigOptions
        @OptionGroup var format: OutputOptions
        @Option(help: "Only listeners with this address.") var address = ""
        @Option(help: "Only listeners on this port.") var port = 0
        @Option(help: "Only listeners of this type: HTTP, TCP, HTTP+TCP, UNKNOWN.") var type = ""
        @Flag(inversion: .prefixedNo, help: "A line per filter chain.") var verbose = true
        @Flag(help: .hidden) var waypoint = false

        func run() async throws {
            try await reporting { Console.write(try text(try await options.input(.listener))) }
        }

        func text(_ input: ProxyConfigInput) throws -> String {
            var report = try format.report()
            report.isVerbose = verbose
            report.servicePorts = input.servicePorts
            if waypoint { return WaypointRow.table.text(WaypointRow.rows(of: try input.dump.listeners())) }
            return try report.listeners(
                input.dump, where: ListenerQuery(address: address, port: port, type: type))
        }
    }

    struct Routes: AsyncParsableCommand, ComputedTable {
        static let configuration = CommandConfiguration(
            commandName: "routes", abstract: "Route configurations and their routes", aliases: ["route", "r"])

        @OptionGroup var options: ProxyConfigOptions
        @OptionGroup var format: OutputOptions
        @Option(help: "Only the route configuration of this name.") var name = ""
        @Flag(inversion: .prefixedNo, help: "A line per route.") var verbose = true

        func run() async throws {
            try await reporting { Console.write(try text(try await options.input(.route))) }
        }

        func text(_ input: ProxyConfigInput) throws -> String {
            var report = try format.report()
            report.isVerbose = verbose
            report.servicePorts = input.servicePorts
            // What istiod would send under a name that no listener asks for.
            if !name.isEmpty, var snapshot = input.snapshot, let node = input.node,
                !snapshot.routes.contains(where: { $0.name == name }),
                let routes = input.loaded?.translation?.routeConfiguration(named: name, for: node)
            {
                snapshot.routes.append(routes)
                return try report.routes(ConfigDump(snapshot), named: name)
            }
            return try report.routes(input.dump, named: name)
        }
    }

    struct Clusters: AsyncParsableCommand, ComputedTable {
        static let configuration = CommandConfiguration(
            commandName: "clusters", abstract: "Clusters", aliases: ["cluster", "c"])

        @OptionGroup var options: ProxyConfigOptions
        @OptionGroup var format: OutputOptions
        @Option(help: "Only clusters with this in their name.") var fqdn = ""
        @Option(help: "Only clusters with this in their name, meant for inbound or outbound.") var direction = ""
        @Option(help: "Only clusters with this in their name, meant for a subset.") var subset = ""
        @Option(help: "Only clusters of this port.") var port = 0

        func run() async throws {
            try await reporting { Console.write(try text(try await options.input(.cluster))) }
        }

        func text(_ input: ProxyConfigInput) throws -> String {
            let query = ClusterQuery(fqdn: fqdn, port: port, subset: subset, direction: direction)
            return try format.report().clusters(input.dump, where: query)
        }
    }

    /// The filters of `endpoints` and `eds`. istioctl's `--cluster NAME` is the contract's `--cluster NAME=PATH` too: what has
    /// no `=` is a filter.
    struct EndpointFilters: ParsableArguments {
        @Option(help: "Only endpoints with this address (eds: with its port).") var address = ""
        @Option(help: "Only endpoints on this port.") var port = 0
        @Option(help: "Only endpoints of this health status.") var status = ""

        func query(_ options: inout ProxyConfigOptions) -> EndpointQuery {
            let filters = options.configuration.clusters.filter { !$0.contains("=") }
            options.configuration.clusters.removeAll { !$0.contains("=") }
            return EndpointQuery(address: address, port: port, cluster: filters.last ?? "", status: status)
        }
    }

    struct Endpoints: AsyncParsableCommand, ComputedTable {
        static let configuration = CommandConfiguration(
            commandName: "endpoints", abstract: "Endpoints as the running proxy sees them", aliases: ["endpoint", "ep"])

        @OptionGroup var options: ProxyConfigOptions
        @OptionGroup var format: OutputOptions
        @OptionGroup var filters: EndpointFilters

        func run() async throws {
            try await reporting {
                var options = options
                let report = try format.report()
                let query = filters.query(&options)
                Console.write(report.endpoints(try await options.hosts(), where: query))
            }
        }

        func text(_ input: ProxyConfigInput) throws -> String {
            var options = options
            return try format.report().endpoints(
                HostStatuses(input.snapshot ?? XDSSnapshot()), where: filters.query(&options))
        }
    }

    struct EDS: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "eds", abstract: "Endpoints as the control plane assigned them", shouldDisplay: false)

        @OptionGroup var options: ProxyConfigOptions
        @OptionGroup var format: OutputOptions
        @OptionGroup var filters: EndpointFilters

        func run() async throws {
            try await reporting {
                var options = options
                let report = try format.report()
                let query = filters.query(&options)
                Console.write(report.eds(try await options.input(.eds).dump, where: query))
            }
        }
    }

    struct ECDS: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ecds", abstract: "Extension configurations", aliases: ["ec"])

        @OptionGroup var options: ProxyConfigOptions
        @OptionGroup var format: OutputOptions

        func run() async throws {
            try await reporting {
                let report = try format.report()
                Console.write(try report.ecds(try await options.input(.ecds).dump))
            }
        }
    }

    struct Secrets: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "secret", abstract: "Certificates, never their keys", aliases: ["secrets", "s"])

        @OptionGroup var options: ProxyConfigOptions
        @OptionGroup var format: OutputOptions

        func run() async throws {
            try await reporting {
                let report = try format.report()
                Console.write(try report.secrets(try await options.input(.secret).dump, now: Int64(time(nil))))
            }
        }
    }

    struct BootstrapCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "bootstrap", abstract: "The bootstrap, or with -o short its versions", aliases: ["b"])

        @OptionGroup var options: ProxyConfigOptions
        @Option(name: .shortAndLong, help: ArgumentHelp("json, yaml or short.", valueName: "format"))
        var output = "json"

        func run() async throws {
            try await reporting {
                let report = ProxyConfigReport(try OutputFormat(parsing: output))
                Console.write(try report.bootstrap(try await options.input(.bootstrap).dump))
            }
        }
    }

    struct All: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "all", abstract: "Everything, one table after the other", aliases: ["a"])

        @OptionGroup var options: ProxyConfigOptions
        @OptionGroup var format: OutputOptions
        @Flag(help: "A headline above each table.") var withHeaders = false
        @Flag(inversion: .prefixedNo, help: "A line per filter chain and route.") var verbose = true
        @Option(help: "Only clusters with this in their name.") var fqdn = ""
        @Option(help: "Only clusters with this in their name, meant for inbound or outbound.") var direction = ""
        @Option(help: "Only clusters with this in their name, meant for a subset.") var subset = ""
        @Option(help: "Only listeners, clusters and endpoints of this port.") var port = 0
        @Option(help: "Only listeners and endpoints with this address.") var address = ""
        @Option(help: "Only listeners of this type.") var type = ""
        @Option(help: "Only the route configuration of this name.") var name = ""

        func run() async throws {
            try await reporting {
                var report = try format.report()
                report.isVerbose = verbose
                var query = FullSummaryQuery()
                query.listeners = ListenerQuery(address: address, port: port, type: type)
                query.clusters = ClusterQuery(fqdn: fqdn, port: port, subset: subset, direction: direction)
                query.endpoints = EndpointQuery(address: address, port: port)
                query.routeName = name
                let dump = try await options.input(.all).dump
                try report.all(dump, where: query, withHeaders: withHeaders, now: Int64(time(nil))) {
                    Console.write($0)
                }
            }
        }
    }
}
