import ArgumentParser
import Documents

/// Where configuration comes from and which proxy is meant: the options of every sub-command.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("filename")],
        help: ArgumentHelp(
            "A file or folder of Kubernetes, Istio and Gateway API manifests; - is standard input. May be repeated.",
            valueName: "path"))
    var filenames: [String] = []

    @Option(
        help: ArgumentHelp(
            "Of a page with tabs (Markdown, given with -f or to play) the one that is meant; without it the first, for play each.",
            valueName: "name"))
    var tab: [String] = []

    @Option(
        name: .customLong("cluster"),
        help: ArgumentHelp("The manifests of one of several clusters.", valueName: "name=path"))
    var clusters: [String] = []

    @Option(help: ArgumentHelp("Istio's MeshConfig, YAML.", valueName: "file"))
    var meshConfig: String?

    @Option(help: ArgumentHelp("Istio's MeshNetworks, YAML.", valueName: "file"))
    var meshNetworks: String?

    @Option(help: ArgumentHelp("Services described by hand.", valueName: "file"))
    var services: String?

    @Option(help: ArgumentHelp("An Envoy /config_dump, JSON; - is standard input.", valueName: "file"))
    var configDump: String?

    @Option(help: ArgumentHelp("An Envoy bootstrap with static resources.", valueName: "file"))
    var bootstrap: String?

    @Option(help: ArgumentHelp("The admin address of a live Envoy or meshtop.", valueName: "url"))
    var admin: String?

    @Option(help: ArgumentHelp("The proxy: a workload, Pod or Gateway.", valueName: "name.namespace"))
    var proxy: String?

    @Option(help: ArgumentHelp("A proxy described by hand, YAML or JSON.", valueName: "file"))
    var proxyFile: String?

    @Option(
        name: .customLong("feature"), help: ArgumentHelp("One of Istio's feature variables.", valueName: "name=value"))
    var features: [String] = []

    @Option(help: ArgumentHelp("The cluster domain.", valueName: "name"))
    var domain: String = "cluster.local"

    @Option(
        help: ArgumentHelp("The domain of short names in Istio objects; empty gives name.namespace.", valueName: "name")
    )
    var istioDomain: String?

    @Flag(help: "Annotations internal.istio.io/… of manifests count.")
    var internalAnnotations = false

    @Flag(help: "A broken document ends the program with exit code 2.")
    var strict = false

    @Option(help: "When to use colour.")
    var color: ColorChoice = .auto
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
}
