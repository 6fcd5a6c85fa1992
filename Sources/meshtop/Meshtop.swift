import ArgumentParser
import Glibc

@main
struct Meshtop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meshtop",
        abstract: "Where does this request go, and why not where I meant?",
        version: "0.1.0",
        subcommands: [
            Top.self,
            Curl.self,
            Simulate.self,
            ProxyConfig.self,
            ProxyStatus.self,
            Proxies.self, Get.self, Clinic.self,
            Analyze.self, Explain.self,
            Test.self,
            Play.self,
            Diff.self,
            Serve.self,
            Export.self,
            Status.self,
            Render.self,
            Themes.self,
        ],
        defaultSubcommand: Top.self)

    /// Exit codes: 0 done, 1 the answer is bad, 2 bad usage or input that cannot be read.
    static func main() async {
        do {
            var command = try parseAsRoot(GoFlags.normalized(Array(CommandLine.arguments.dropFirst())))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as InputError {
            Console.error(error.description)
            Glibc.exit(2)
        } catch {
            let code = exitCode(for: error)
            let message = fullMessage(for: error)
            if code.isSuccess {
                Console.write(message.hasSuffix("\n") || message.isEmpty ? message : message + "\n")
            } else if !message.isEmpty {
                Console.error(message)
            }
            // The argument parser ends with 64 for bad usage, as BSD does; kubectl and curl do not.
            Glibc.exit(code == .validationFailure ? 2 : code.rawValue)
        }
    }
}
