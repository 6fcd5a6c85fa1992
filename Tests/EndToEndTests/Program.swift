import Glibc
import TestSupport

/// The value of an environment variable of the test run.
func spawnEnvironment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// The program under test.
enum Program {
    /// The binary that `swift build` has put beside the tests.
    static let path: String? = {
        if let given = spawnEnvironment("MESHTOP") { return given }
        let candidates = ["debug", "release"].map { packageRoot + "/.build/\($0)/meshtop" }
        return candidates.first { access($0, X_OK) == 0 }
    }()

    /// Runs it to its end, in the folder of the tests or another one.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], folder: String? = nil
    ) throws -> Finished {
        guard let path else { throw FileProblem("find", "meshtop") }
        return try spawn([path] + arguments, input: input, environment: environment, folder: folder, timeout: 60)
    }

    static func sample(_ name: String) -> String { packageRoot + "/Samples/" + name }
}

/// A real Envoy: `MESHTOP_ENVOY`, or the one that `.ci/test` installs; `nil` where there is none.
let envoyPath: String? = {
    let candidates = [spawnEnvironment("MESHTOP_ENVOY"), packageRoot + "/.build/envoy-venv/bin/envoy"].compactMap(
        \.self)
    let found = candidates.first { access($0, X_OK) == 0 }
    if found == nil { print("skipped: no Envoy here to compare with (MESHTOP_ENVOY, .build/envoy-venv/bin/envoy)") }
    return found
}()
