import ArgumentParser
import Glibc

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Writes the manifests of a mesh of any size.")

    @Option(help: "How many services; each has four objects and five endpoints.")
    var services = 10_000

    @Option(help: "The same seed gives the same bytes.")
    var seed: UInt64 = 1

    @Option(help: "A folder, one file per namespace; - is standard output.")
    var out: String

    func validate() throws {
        guard (0...1_000_000).contains(services) else { throw ValidationError("--services wants 0 to 1000000") }
    }

    func run() throws {
        var generator = MeshGenerator(seed: seed)
        if out != "-" { mkdir(out, 0o777) }
        try write(generator.ingressGateway, to: "istio-system.yaml")
        for first in stride(from: 0, to: services, by: MeshGenerator.servicesPerNamespace) {
            var text = out == "-" ? "---\n" : ""
            for number in first..<min(first + MeshGenerator.servicesPerNamespace, services) {
                if number > first { text += "---\n" }
                text += generator.service(number)
            }
            try write(text, to: "\(MeshGenerator.namespace(of: first)).yaml")
        }
    }

    private func write(_ text: String, to name: String) throws {
        let path = "\(out)/\(name)"
        let descriptor = out == "-" ? 1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw BenchError("cannot write \(path): \(String(cString: strerror(errno)))") }
        defer { if out != "-" { close(descriptor) } }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw BenchError("cannot write \(path): \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
    }
}

/// What went wrong, for the one who typed the command.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
