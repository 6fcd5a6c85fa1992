import ArgumentParser

/// `meshtop proxy-config`: what istioctl's sub-command of that name prints, of manifests, dumps and live proxies alike.
struct ProxyConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxy-config",
        abstract: "Listeners, routes, clusters and endpoints of a proxy, as istioctl proxy-config prints them",
        subcommands: [
            Listeners.self, Routes.self, Clusters.self, Endpoints.self, EDS.self, ECDS.self, Secrets.self,
            BootstrapCommand.self, All.self, Log.self,
        ],
        aliases: ["pc"])

    /// What a kind is called, and the admin page that shows it.
    enum Kind: String {
        case listener, route, cluster, endpoints, eds, ecds, secret, bootstrap, all

        var adminPage: String {
            switch self {
            case .listener: "/config_dump?mask=dynamic_listeners,static_listeners"
            case .route: "/config_dump?mask=dynamic_route_configs,static_route_configs"
            case .cluster: "/config_dump?mask=dynamic_active_clusters,dynamic_warming_clusters,static_clusters"
            case .endpoints: "/clusters?format=json"
            case .eds, .ecds, .all: "/config_dump?include_eds=true"
            case .secret: "/config_dump?mask=dynamic_active_secrets,dynamic_warming_secrets"
            case .bootstrap: "/config_dump?mask=bootstrap"
            }
        }
    }
}

/// The options that all kinds share.
struct ProxyConfigOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The proxy: a workload, Pod or Gateway, TYPE/NAME too.", valueName: "proxy"))
    var target: String?

    @Option(
        help: ArgumentHelp(
            "An answer to the admin request of this sub-command; - is standard input.", valueName: "file"))
    var file: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The proxy's namespace.", valueName: "name"))
    var namespace: String?

    @Option(help: ArgumentHelp("The admin port of a live proxy.", valueName: "port"))
    var proxyAdminPort = 15000

    @OptionGroup var configuration: ConfigurationOptions
}
