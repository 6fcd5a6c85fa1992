import Documents
import MeshModel

extension KindValidation {
    static let peerAuthentication = KindValidation(
        kind: "PeerAuthentication", group: "security.istio.io"
    ) { validation in
        let spec = validation.spec
        validation.check(selector: spec?.at("selector"), labels: "matchLabels")
        guard let ports = spec?.at("portLevelMtls") else { return }
        if spec?.at("selector", "matchLabels")?.entries.isEmpty ?? true {
            validation.reject("mesh/namespace peer authentication cannot have port level mTLS", at: ports)
        }
        if ports.entries.isEmpty {
            validation.reject("port level mTLS, if defined, must have at least one element", at: ports)
        }
        for entry in ports.entries where !(Int(entry.key).map { (1...65535).contains($0) } ?? false) {
            validation.reject("port must be in range 1..65535", at: entry.value)
        }
    }

    static let requestAuthentication = KindValidation(
        kind: "RequestAuthentication", group: "security.istio.io"
    ) { validation in
        validation.checkPolicyTargets()
        for rule in validation.spec?.at("jwtRules")?.list ?? [] {
            if (rule.at("issuer")?.text ?? "").isEmpty { validation.reject("issuer must be set", at: rule) }
            if let uri = rule.at("jwksUri"), !uri.text.isEmpty, !uri.text.hasPrefix("http://"),
                !uri.text.hasPrefix("https://")
            {
                validation.reject("URI scheme of \(uri.text) is not supported: http or https", at: uri)
            }
            for header in rule.at("fromHeaders")?.list ?? [] where (header.at("name")?.text ?? "").isEmpty {
                validation.reject("location header name must be non-empty string", at: header)
            }
            for copy in rule.at("outputClaimToHeaders")?.list ?? []
            where (copy.at("header")?.text ?? "").isEmpty || (copy.at("claim")?.text ?? "").isEmpty {
                validation.reject("outputClaimToHeaders header and claim value must be non-empty string", at: copy)
            }
            validation.check(duration: rule.at("timeout"))
        }
    }

    static let telemetry = KindValidation(kind: "Telemetry", group: "telemetry.istio.io") { validation in
        validation.checkPolicyTargets()
        let spec = validation.spec
        let tracing = spec?.at("tracing")?.list ?? []
        if tracing.count > 1 { validation.warn("multiple tracing is not currently supported", at: spec?.at("tracing")) }
        for part in tracing {
            if part.at("providers")?.list.count ?? 0 > 1 {
                validation.warn("multiple providers is not currently supported", at: part.at("providers"))
            }
            validation.check(part.at("randomSamplingPercentage"), isIn: 0...100) { _ in
                "randomSamplingPercentage must be in range [0.0, 100.0]"
            }
        }
        let parts = ["tracing", "metrics", "accessLogging"].flatMap { spec?.at($0)?.list ?? [] }
        for provider in parts.flatMap({ $0.at("providers")?.list ?? [] })
        where (provider.at("name")?.text ?? "").isEmpty {
            validation.reject("providers.name may not be empty", at: provider)
        }
    }

    static let envoyFilter = KindValidation(kind: "EnvoyFilter", group: "networking.istio.io") { validation in
        validation.check(
            selector: validation.spec?.at("workloadSelector"), labels: "labels", withoutLabels: "Envoy filter: ")
        for patch in validation.spec?.at("configPatches")?.list ?? [] {
            if patch.at("applyTo") == nil { validation.reject("Envoy filter: missing applyTo", at: patch) }
            guard let change = patch.at("patch") else {
                validation.reject("Envoy filter: missing patch", at: patch)
                continue
            }
            let operation = change.at("operation")?.text ?? ""
            if operation.isEmpty || operation == "INVALID" {
                validation.reject("Envoy filter: missing patch operation", at: change)
            } else if operation != "REMOVE", change.at("value") == nil {
                validation.reject("Envoy filter: missing patch value for non-remove operation", at: change)
            }
        }
    }

    static let wasmPlugin = KindValidation(kind: "WasmPlugin", group: "extensions.istio.io") { validation in
        validation.checkPolicyTargets()
        let url = validation.spec?.at("url")
        if (url?.text ?? "").isEmpty { validation.reject("url field needs to be set", at: url ?? validation.spec) }
        if let sum = validation.spec?.at("sha256"), !sum.text.isEmpty {
            let isHex = sum.text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            if sum.text.utf8.count != 64 || !isHex {
                validation.reject("sha256 field must match [a-f0-9]{64} pattern", at: sum)
            }
        }
    }
}
