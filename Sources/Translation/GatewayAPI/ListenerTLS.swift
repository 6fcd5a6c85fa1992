import Documents
import MeshModel

/// The TLS settings of a listener's server (18.2.4).
enum ListenerTLS {
    /// Not a TLS listener.
    case none
    case settings(ServerTLSSettings)
    /// The listener gets no server, and why.
    case refused(String)

    init(
        _ listener: GatewayListener, port: Int, owner: ParentKey, gateway: KubernetesGateway, context: ConversionContext
    ) {
        guard let tls = listener.tls else {
            self = ["HTTPS", "TLS"].contains(listener.protocol) ? .refused("it has no tls") : .none
            return
        }
        // An HTTP listener's TLS settings have no meaning.
        guard ["HTTPS", "TLS"].contains(listener.protocol) else {
            self = .none
            return
        }
        var settings = ServerTLSSettings()
        settings.location = tls.location
        if tls.mode == .passthrough {
            let isAutomatic =
                tls.options["gateway.istio.io/listener-protocol"] == "auto-passthrough"
                || gateway.isNetworkGateway(port: port)
            settings.mode = isAutomatic ? .autoPassthrough : .passthrough
            self = .settings(settings)
            return
        }
        settings.mode = .simple
        switch tls.options["gateway.istio.io/tls-terminate-mode"] {
        case "MUTUAL": settings.mode = .mutual
        case "OPTIONAL_MUTUAL": settings.mode = .optionalMutual
        case "ISTIO_SIMPLE":
            settings.credentialName = "builtin://"
            self = .settings(settings)
            return
        case "ISTIO_MUTUAL":
            settings.mode = .istioMutual
            self = .settings(settings)
            return
        default: break
        }
        let reader = CredentialReferences(owner: owner, context: context)
        let names = tls.certificateRefs.compactMap(reader.certificate)
        // A certificate that cannot be had makes the listener invalid.
        guard names.count == tls.certificateRefs.count else {
            self = .refused("its certificate \(reader.description(of: tls.certificateRefs))")
            return
        }
        if names.count == 1 {
            settings.credentialName = names[0]
        } else {
            settings.credentialNames = names
        }
        guard let validation = gateway.frontendValidation(port: port) else {
            self = .settings(settings)
            return
        }
        guard let authority = reader.authority(validation, gateway: gateway) else {
            self = .refused("its authority for client certificates is not there, or not allowed by a ReferenceGrant")
            return
        }
        let isLenient = validation.mode == "AllowInsecureFallback"
        settings.mode = isLenient ? .optionalMutual : .mutual
        settings.caCertCredentialName = authority
        settings.insecureSkipVerify = isLenient
        self = .settings(settings)
    }
}

/// Names of credentials, for references that are allowed and lead to what they should.
struct CredentialReferences {
    let owner: ParentKey
    let context: ConversionContext

    /// A listener's certificate; `nil` when there is no such Secret, it holds none, or no ReferenceGrant allows it.
    func certificate(_ reference: ObjectReference) -> String? {
        guard (reference.group ?? "").isEmpty, (reference.kind ?? "Secret") == "Secret" else { return nil }
        let namespace = reference.namespace ?? owner.namespace
        let target = (group: "", kind: "Secret", namespace: namespace, name: reference.name)
        guard context.isGranted(from: owner.kind, in: owner.namespace, to: target),
            let secret = context.snapshot.secret(reference.name, namespace: namespace),
            let chain = secret.data["tls.crt"] ?? secret.data["cert"],
            secret.data["tls.key"] ?? secret.data["key"] != nil,
            PEM.holdsBlocks(chain)
        else { return nil }
        return "kubernetes-gateway://\(namespace)/\(reference.name)"
    }

    /// The references, and what is wrong with them, for a message.
    func description(of references: [ObjectReference]) -> String {
        let names = references.map { "\"\($0.namespace ?? owner.namespace)/\($0.name)\"" }
        return "\(names.joined(separator: ", ")) is not there, holds none, or is not allowed by a ReferenceGrant"
    }

    /// The first authority of a frontend validation; `nil` when there is none that can be used.
    func authority(_ validation: KubernetesGateway.FrontendTLS.Validation, gateway: KubernetesGateway) -> String? {
        guard let reference = validation.caCertificateRefs.first else { return nil }
        return authority(reference, from: "Gateway", namespace: gateway.namespace)
    }

    func authority(_ reference: ObjectReference, from kind: String, namespace own: String) -> String? {
        let namespace = reference.namespace ?? own
        let target = (
            group: reference.group ?? "", kind: reference.kind ?? "ConfigMap", namespace: namespace,
            name: reference.name
        )
        guard target.group.isEmpty, context.isGranted(from: kind, in: own, to: target) else { return nil }
        switch target.kind {
        case "ConfigMap":
            guard let text = context.snapshot.configMap(reference.name, namespace: namespace)?.data["ca.crt"],
                PEM.holdsBlocks(Array(text.utf8))
            else { return nil }
            return "configmap://\(namespace)/\(reference.name)-cacert"
        case "Secret":
            guard let bytes = context.snapshot.secret(reference.name, namespace: namespace)?.data["ca.crt"],
                PEM.holdsBlocks(bytes)
            else { return nil }
            return "kubernetes-gateway://\(namespace)/\(reference.name)-cacert"
        default: return nil
        }
    }
}

/// Certificates as text.
enum PEM {
    /// Whether there is at least one block between BEGIN and END lines.
    static func holdsBlocks(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("-----BEGIN ") && text.contains("-----END ")
    }
}

extension KubernetesGateway {
    /// Whether listeners on the port lead from one network to another (east-west).
    fileprivate func isNetworkGateway(port: Int) -> Bool {
        guard meta.labels["topology.istio.io/network"] != nil else { return false }
        return port == meta.labels["networking.istio.io/gatewayPort"].flatMap { Int($0) } ?? 15443
    }

    fileprivate func frontendValidation(port: Int) -> FrontendTLS.Validation? {
        guard let frontendTLS else { return nil }
        if let own = frontendTLS.perPort.first(where: { $0.port == port }) { return own.validation }
        return frontendTLS.defaultValidation
    }
}
