import ArgumentParser
import EnvoyModel
import Presentation
import Translation

/// `meshtop proxy-status PROXY`: what a proxy has against what meshtop computes for it, or against an istiod's dump.
struct ProxyStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxy-status",
        abstract: "A proxy's configuration against what it should have",
        aliases: ["ps"])

    @OptionGroup var options: ProxyConfigOptions
    @Option(help: ArgumentHelp("istiod's dump of the proxy, instead of what the manifests give.", valueName: "file"))
    var istiodDump: String?

    func run() async throws {
        try await reporting {
            let envoy = try await envoyDump()
            let istiod = try await expectedDump()
            let (text, _) = ProxyStatusReport.compare(istiod: istiod, envoy: envoy)
            Console.write(text)
        }
    }

    /// `--file`, `--config-dump` or `--admin`.
    private func envoyDump() async throws -> ConfigDump {
        var options = options
        options.configuration.filenames = []
        options.configuration.clusters = []
        options.target = nil
        if options.file == nil, options.configuration.admin == nil, options.configuration.configDump == nil {
            throw ProxyConfigError("proxy-status requires a proxy's dump: --file FILE, or --admin URL", isUsage: true)
        }
        return try await options.input(.all).dump
    }

    private func expectedDump() async throws -> ConfigDump {
        if let istiodDump { return try ConfigDump(try FileInput.bytes(istiodDump), file: istiodDump) }
        var configuration = options.configuration
        configuration.admin = nil
        configuration.configDump = nil
        let (loaded, proxy) = try await configuration.loadProxy(named: options.proxyName)
        guard let node = proxy.node, let translation = loaded.translation else { return ConfigDump(proxy.snapshot) }
        // istiod knows nothing of what the bootstrap has built in.
        return ConfigDump(translation.configuration(for: node).xds)
    }
}
