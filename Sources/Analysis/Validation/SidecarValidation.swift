import Documents
import MeshModel

extension KindValidation {
    static let sidecar = KindValidation(kind: "Sidecar", group: "networking.istio.io") { validation in
        let spec = validation.spec
        validation.check(
            selector: spec?.at("workloadSelector"), labels: "labels", withoutLabels: "sidecar: ")
        let ingress = spec?.at("ingress")?.list ?? []
        let egress = spec?.at("egress")?.list ?? []
        if ingress.isEmpty, egress.isEmpty, spec?.at("outboundTrafficPolicy") == nil,
            spec?.at("inboundConnectionPool") == nil
        {
            validation.reject("sidecar: empty configuration provided", at: spec)
        }
        validation.check(ingress: ingress)
        for (number, listener) in egress.enumerated() {
            if listener.at("port") == nil, number < egress.count - 1 {
                validation.reject(
                    "sidecar: the egress listener with empty port should be the last listener in the list",
                    at: listener)
            }
            validation.check(protocol: listener.at("port", "protocol"))
            validation.checkUniquePorts(egress, at: number)
            validation.check(egressHosts: listener)
        }
        let policy = spec?.at("outboundTrafficPolicy")
        if let proxy = policy?.at("egressProxy") {
            if (policy?.at("mode")?.text ?? "ALLOW_ANY") != "ALLOW_ANY" {
                validation.reject(
                    "sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy mode", at: proxy)
            }
            validation.check(host: proxy.at("host") ?? proxy, Names.problem(ofHost:))
            if proxy.at("port") == nil {
                validation.reject("sidecar: egress_proxy port must be non-nil", at: proxy)
            }
        }
    }
}

extension Validation {
    fileprivate mutating func check(ingress: [Node]) {
        for (number, listener) in ingress.enumerated() {
            guard let port = listener.at("port") else {
                reject("sidecar: port is required for ingress listeners", at: listener)
                continue
            }
            check(protocol: port.at("protocol"))
            checkUniquePorts(ingress, at: number)
            check(defaultEndpoint: listener.at("defaultEndpoint"))
            guard let tls = listener.at("tls") else { continue }
            for (field, words) in [
                ("subjectAltNames", "subjectAltNames is not supported in ingress tls"),
                ("credentialName", "credentialName is not currently supported"),
            ] where tls.at(field) != nil {
                reject("sidecar: \(words)", at: tls.at(field))
            }
            if tls.at("httpsRedirect")?.bool == true { reject("sidecar: httpsRedirect is not supported", at: tls) }
            if let mode = tls.at("mode"), ["ISTIO_MUTUAL", "AUTO_PASSTHROUGH"].contains(mode.text) {
                reject("configuration is invalid: cannot set mode to \(mode.text) in sidecar ingress tls", at: mode)
            }
            check(serverTLS: tls)
        }
    }

    fileprivate mutating func checkUniquePorts(_ listeners: [Node], at number: Int) {
        guard let port = listeners[number].at("port", "number"), port.int != 0 else { return }
        if listeners[..<number].contains(where: { $0.at("port", "number")?.int == port.int }) {
            reject("sidecar: ports on IP bound listeners must be unique", at: port)
        }
    }

    private mutating func check(defaultEndpoint node: Node?) {
        guard let node, !node.text.isEmpty, !node.text.hasPrefix("unix://") else { return }
        guard let colon = node.text.lastIndex(of: ":") else {
            return reject("address \(node.text): missing port in address", at: node)
        }
        let host = node.text[..<colon].filter { $0 != "[" && $0 != "]" }
        if !["", "127.0.0.1", "0.0.0.0", "::1", "::"].contains(host) {
            reject(
                "sidecar: defaultEndpoint must be of form 127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,"
                    + "unix://filepath or unset", at: node)
        }
        let port = node.text[node.text.index(after: colon)...]
        if Int(port).map({ !(1...65535).contains($0) }) ?? true {
            reject("sidecar: defaultEndpoint port (\(port)) is not a number from 1 to 65535", at: node)
        }
    }

    fileprivate mutating func check(egressHosts listener: Node) {
        let hosts = listener.at("hosts")?.list ?? []
        if hosts.isEmpty {
            reject("sidecar: egress listener must contain at least one host", at: listener.at("hosts") ?? listener)
        }
        var seen: [String: Set<String>] = [:]
        for host in hosts {
            check(host: host) { Names.problem(ofScopedHost: $0, isGateway: false) }
            let parts = host.text.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            let namespace = parts[0] == "." ? resource.meta.namespace : parts[0]
            let known = seen[namespace] ?? []
            if parts[1] == "*" ? !known.isEmpty : known.contains(parts[1]) || known.contains("*") {
                warn("duplicated egress host: \(host.text)", at: host)
            }
            seen[namespace, default: []].insert(parts[1])
        }
        if seen["*"]?.contains("*") == true, seen.count > 1 {
            warn("`*/*` host select all resources, no other hosts can be added", at: listener.at("hosts"))
        }
    }
}
