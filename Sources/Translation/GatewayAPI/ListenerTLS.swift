import Documents
import MeshModel

/// Why a listener, policy or route is not as its author meant, in Gateway API's words.
struct ReferenceProblem: Error, Hashable {
    /// `InvalidCertificateRef`, `RefNotPermitted`, ….
    let reason: String
    let message: String
    /// Whether the listener counts as not accepted at all (`NoValidCACertificate`).
    var isFatal = false
}

/// The TLS settings of a listener's server (18.2.4); `nil` for a listener without TLS.
struct ListenerTLS {
    let settings: ServerTLSSettings?

    init(
        _ listener: GatewayListener, port: Int, owner: ParentKey, gateway: KubernetesGateway, context: ConversionContext
    ) throws(ReferenceProblem) {
        // An HTTP listener's TLS settings have no meaning.
        guard let tls = listener.tls, ["HTTPS", "TLS"].contains(listener.protocol) else {
            settings = nil
            return
        }
        var settings = ServerTLSSettings()
        settings.location = tls.location
        if tls.mode == .passthrough {
            settings.mode = gateway.isAutoPassthrough(listener) ? .autoPassthrough : .passthrough
            self.settings = settings
            return
        }
        settings.mode = .simple
        switch tls.options["gateway.istio.io/tls-terminate-mode"] {
        case "MUTUAL": settings.mode = .mutual
        case "OPTIONAL_MUTUAL": settings.mode = .optionalMutual
        case "ISTIO_SIMPLE":
            settings.credentialName = "builtin://"
            self.settings = settings
            return
        case "ISTIO_MUTUAL":
            settings.mode = .istioMutual
            self.settings = settings
            return
        default: break
        }
        let reader = CredentialReferences(owner: owner, context: context)
        var names: [String] = []
        for reference in tls.certificateRefs { names.append(try reader.certificate(reference)) }
        if names.count == 1 {
            settings.credentialName = names[0]
        } else {
            settings.credentialNames = names
        }
        if let validation = gateway.frontendValidation(port: port) {
            let isLenient = validation.mode == "AllowInsecureFallback"
            settings.caCertCredentialName = try reader.authority(validation, gateway: gateway)
            settings.mode = isLenient ? .optionalMutual : .mutual
            settings.insecureSkipVerify = isLenient
        }
        self.settings = settings
    }
}

/// Names of credentials, for references that are allowed and lead to what they should.
struct CredentialReferences {
    let owner: ParentKey
    let context: ConversionContext

    /// A listener's certificate.
    func certificate(_ reference: ObjectReference) throws(ReferenceProblem) -> String {
        let kind = reference.kind ?? "Secret"
        let namespace = reference.namespace ?? owner.namespace
        let start = "invalid certificate reference \(reference.text(kind: kind)), "
        guard (reference.group ?? "").isEmpty, kind == "Secret" else {
            throw ReferenceProblem(reason: "InvalidCertificateRef", message: start + "only secret is allowed")
        }
        let target = (group: "", kind: kind, namespace: namespace, name: reference.name)
        guard context.isGranted(from: owner.kind, in: owner.namespace, to: target) else {
            throw ReferenceProblem(
                reason: "RefNotPermitted",
                message: "certificateRef \(reference.name)/\(namespace) not accessible to a Gateway in namespace "
                    + "\"\(owner.namespace)\" (missing a ReferenceGrant?)",
                isFatal: true)
        }
        guard let secret = context.snapshot.secret(reference.name, namespace: namespace) else {
            throw ReferenceProblem(
                reason: "InvalidCertificateRef", message: start + "secret \(namespace)/\(reference.name) not found")
        }
        guard let chain = secret.data["tls.crt"] ?? secret.data["cert"],
            secret.data["tls.key"] ?? secret.data["key"] != nil, PEM.holdsBlocks(chain)
        else {
            throw ReferenceProblem(
                reason: "InvalidCertificateRef",
                message: start + "the certificate is malformed: tls: failed to find any PEM data in certificate input")
        }
        return "kubernetes-gateway://\(namespace)/\(reference.name)"
    }

    /// The authority of a frontend validation.
    func authority(
        _ validation: KubernetesGateway.FrontendTLS.Validation, gateway: KubernetesGateway
    ) throws(ReferenceProblem) -> String {
        guard let reference = validation.caCertificateRefs.first, validation.caCertificateRefs.count == 1 else {
            throw ReferenceProblem(
                reason: "InvalidCACertificateRef", message: "only one caCertificateRef is supported", isFatal: true)
        }
        return try authority(reference, from: "Gateway", namespace: gateway.namespace)
    }

    func authority(
        _ reference: ObjectReference, from kind: String, namespace own: String
    ) throws(ReferenceProblem) -> String {
        let namespace = reference.namespace ?? own
        let target = (
            group: reference.group ?? "", kind: reference.kind ?? "", namespace: namespace, name: reference.name
        )
        let start = "invalid CA certificate reference \(reference.text(kind: target.kind)), "
        guard target.group.isEmpty, ["ConfigMap", "Secret"].contains(target.kind) else {
            throw ReferenceProblem(
                reason: "InvalidCACertificateKind", message: start + "only secret and configmap are allowed",
                isFatal: true)
        }
        guard context.isGranted(from: kind, in: own, to: target) else {
            throw ReferenceProblem(
                reason: "RefNotPermitted",
                message: "caCertificateRef \(namespace)/\(reference.name) not accessible to a Gateway in namespace "
                    + "\"\(own)\" (missing a ReferenceGrant?)",
                isFatal: true)
        }
        let isMap = target.kind == "ConfigMap"
        let bytes =
            isMap
            ? context.snapshot.configMap(reference.name, namespace: namespace).map {
                Array(($0.data["ca.crt"] ?? "").utf8)
            }
            : context.snapshot.secret(reference.name, namespace: namespace).map { $0.data["ca.crt"] ?? [] }
        guard let bytes else {
            throw ReferenceProblem(
                reason: "InvalidCACertificateRef",
                message: start + "\(target.kind.lowercased()) \(namespace)/\(reference.name) not found", isFatal: true)
        }
        guard PEM.holdsBlocks(bytes) else {
            throw ReferenceProblem(
                reason: "InvalidCACertificateRef", message: start + "the bundle is malformed", isFatal: true)
        }
        let scheme = isMap ? "configmap" : "kubernetes-gateway"
        return "\(scheme)://\(namespace)/\(reference.name)-cacert"
    }
}

extension ObjectReference {
    /// `group/kind/name.namespace`, as messages of Istio have it.
    fileprivate func text(kind: String) -> String { "\(group ?? "")/\(kind)/\(name).\(namespace ?? "")" }
}

/// Certificates as text.
enum PEM {
    /// Whether there is at least one block between BEGIN and END lines.
    static func holdsBlocks(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("-----BEGIN ") && text.contains("-----END ")
    }

    /// The certificates alone: whatever else stands beside them, keys above all, must not go on.
    static func certificates(in bytes: [UInt8]) -> String {
        var result = ""
        var isInside = false
        for text in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            if text == "-----BEGIN CERTIFICATE-----" { isInside = true }
            if isInside { result += text + "\n" }
            if text == "-----END CERTIFICATE-----" { isInside = false }
        }
        return result
    }
}

extension KubernetesGateway {
    fileprivate func frontendValidation(port: Int) -> FrontendTLS.Validation? {
        guard let frontendTLS else { return nil }
        if let own = frontendTLS.perPort.first(where: { $0.port == port }) { return own.validation }
        return frontendTLS.defaultValidation
    }
}
