import AdminAPI
import ArgumentParser
import Presentation

extension ProxyConfig {
    /// `proxy-config log`: the logging levels of a live proxy.
    struct Log: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "log", abstract: "Logging levels of a live proxy, shown or changed", aliases: ["o"])

        @OptionGroup var options: ProxyConfigOptions
        @Option(name: .shortAndLong, help: .hidden) var output = "short"
        @Flag(name: .shortAndLong, help: "Back to the level the proxy began with.") var reset = false
        @Option(help: "LEVEL or LOGGER:LEVEL, several with commas.") var level: String?

        func run() async throws {
            try await reporting {
                guard output == "short" else {
                    throw ProxyConfigError("--output is not applicable for this command", isUsage: true)
                }
                if reset, level != nil {
                    throw ProxyConfigError("--level cannot be combined with --reset", isUsage: true)
                }
                guard let address = options.configuration.admin else {
                    throw ProxyConfigError(
                        options.target == nil
                            ? "log requires pod name or --selector"
                            : "log asks a live proxy: give its admin address with --admin URL", isUsage: true)
                }
                do {
                    try await change(at: AdminClient(address), named: options.proxyName ?? address)
                } catch let error as AdminError {
                    throw ProxyConfigError(error.description)
                }
            }
        }

        private func change(at client: AdminClient, named name: String) async throws {
            var answer = String(decoding: try await client.post("/logging"), as: UTF8.self)
            let requests = reset ? ["level=warning"] : try LogLevels(level ?? "", loggers: answer).requests
            for request in requests {
                answer = String(decoding: try await client.post("/logging?" + request), as: UTF8.self)
            }
            Console.write("\(name):\n\(TabWriter.printableLines(answer))\n")
        }
    }
}
