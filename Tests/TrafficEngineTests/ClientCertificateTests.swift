import EnvoyModel
import Testing

@testable import TrafficEngine

@Suite("which client certificates a listener takes")
struct ClientCertificateTests {
    private static func context(requires: Bool, authority: String?, insecure: Bool = false) -> DownstreamTLSContext {
        var context = DownstreamTLSContext()
        context.requireClientCertificate = requires
        context.common.certificateSDSSecrets = [
            SDSSecretConfig(name: authority == "ROOTCA" ? "default" : "kubernetes://site")
        ]
        if let authority {
            context.common.validationSDSSecret = SDSSecretConfig(name: authority)
            context.common.validation = ValidationContext()
            context.common.validation?.acceptsUntrusted = insecure
        }
        return context
    }

    private static let simple = context(requires: false, authority: nil)
    private static let mutual = context(requires: true, authority: "kubernetes://site-cacert")
    private static let optional = context(requires: false, authority: "kubernetes://site-cacert")
    private static let lenient = context(requires: false, authority: "kubernetes://site-cacert", insecure: true)
    private static let mesh = context(requires: true, authority: "ROOTCA")
    private static let good = ClientCertificate(trustedBy: ["kubernetes://site-cacert"])
    private static let bad = ClientCertificate(trustedBy: [])
    private static let unknown = ClientCertificate()

    @Test(
        "no certificate, a good one, a bad one, one that nobody looked at, the mesh's",
        arguments: [
            (simple, [true, true, true, true, false]), (mutual, [false, true, false, true, false]),
            (optional, [true, true, false, true, false]), (lenient, [true, true, true, true, false]),
            (mesh, [false, false, false, false, true]),
        ] as [(DownstreamTLSContext, [Bool])])
    func table(context: DownstreamTLSContext, expected: [Bool]) {
        let answers =
            [nil, Self.good, Self.bad, Self.unknown].map { context.accepts($0, usesMesh: false) }
            + [context.accepts(nil, usesMesh: true)]
        #expect(answers == expected)
    }
}
