import ArgumentParser
import Documents
import Presentation
import Tutorial

/// `meshtop get`: the objects of the manifests as kubectl lists them.
struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List objects as kubectl get does, from manifests alone.",
        discussion: """
            meshtop get svc istio-ingressgateway -n istio-system -f Samples/httpbin
            meshtop get gateway -A -f Samples/httpbin
            meshtop get svc istio-ingressgateway -n istio-system -f Samples/httpbin -o jsonpath='{.spec.ports[?(@.name=="http2")].nodePort}'

            Addresses and ages that no manifest has are made up, as for tutorials (meshtop play).
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: ArgumentHelp("Kinds, and names of objects; also KIND/NAME.", valueName: "kind"))
    var operands: [String]

    @Option(name: .shortAndLong, help: "The namespace.")
    var namespace = "default"

    @Flag(name: [.customShort("A"), .long], help: "All namespaces.")
    var allNamespaces = false

    @Option(name: [.customShort("l"), .long], help: ArgumentHelp("Labels that objects have.", valueName: "key=value"))
    var selector: String?

    @Option(name: .shortAndLong, help: "name, yaml, json or jsonpath=…; without it a table.")
    var output = ""

    func run() async throws {
        try await reporting {
            let loaded = try await source.load()
            guard let mesh = loaded.mesh else {
                throw InputError("get wants manifests, not an Envoy's own configuration")
            }
            var words = operands + ["-n", namespace]
            if allNamespaces { words.append("-A") }
            if let selector { words += ["-l", selector] }
            if !output.isEmpty { words += ["-o", output] }
            let answer = ObjectListing.get(words, in: mesh, settings: try source.settings())
            for note in answer.notes { Console.error("note: " + note.message.sanitizedForTerminal) }
            Console.write(answer.output.map { TabWriter.printableLines($0) + "\n" }.joined())
            for line in answer.errors { Console.error(line.sanitizedForTerminal) }
            if answer.isFailure { throw ExitCode(1) }
        }
    }
}
