import Documents
import MeshModel

extension KindValidation {
    static let serviceEntry = KindValidation(kind: "ServiceEntry", group: "networking.istio.io") { validation in
        let spec = validation.spec
        validation.check(
            selector: spec?.at("workloadSelector"), labels: "labels", withoutLabels: "service entry: ")
        let hosts = spec?.at("hosts")?.list ?? []
        if hosts.isEmpty {
            validation.reject("service entry must have at least one host", at: spec?.at("hosts") ?? spec)
        }
        for host in hosts {
            if host.text == "*" {
                validation.reject("invalid host *", at: host)
                continue
            }
            validation.check(host: host)
            if Names.isPartialWildcard(host.text) {
                validation.warn("partial wildcard \"\(host.text)\" not allowed", at: host)
            }
        }
        validation.checkPorts()
        validation.checkEndpoints()
        validation.checkExportTo(isServiceEntry: true)
    }

    static let workloadEntry = KindValidation(kind: "WorkloadEntry", group: "networking.istio.io") { validation in
        guard let spec = validation.spec else { return validation.reject("address is required", at: nil) }
        validation.check(endpoint: spec, ports: nil, mayBeName: true)
    }

    static let workloadGroup = KindValidation(kind: "WorkloadGroup", group: "networking.istio.io") { validation in
        if validation.spec?.at("template") == nil { validation.reject("template is required", at: validation.spec) }
    }
}

extension Validation {
    private var resolution: String { spec?.at("resolution")?.text ?? "NONE" }

    private var isDNS: Bool { resolution == "DNS" || resolution == "DNS_ROUND_ROBIN" }

    fileprivate mutating func checkPorts() {
        let ports = spec?.at("ports")?.list ?? []
        let hosts = spec?.at("hosts")?.list ?? []
        var names: Set<String> = []
        var numbers: Set<String> = []
        for port in ports {
            if let name = port.at("name") {
                if !names.insert(name.text).inserted {
                    reject("service entry port name \"\(name.text)\" already defined", at: name)
                }
                if !Names.isLabel(name.text) { reject("invalid port name: \(name.text)", at: name) }
            } else {
                reject("invalid port name: ", at: port, hint: "give the port a name")
            }
            if let number = port.at("number"), !numbers.insert(number.text).inserted {
                reject("service entry port \(number.text) already defined", at: number)
            }
            if let target = port.at("targetPort"), resolution == "NONE" {
                warn("targetPort has no effect when resolution mode is NONE", at: target)
            }
            check(protocol: port.at("protocol"))
        }
        let isPlain = { (port: Node) in
            let name = port.at("protocol")?.text ?? ""
            return !Names.isHTTP(name) && !Names.isTLS(name)
        }
        if resolution != "NONE", hosts.count > 1, let port = ports.first(where: isPlain) {
            reject(
                "multiple hosts provided with non-HTTP, non-TLS ports", at: port,
                hint: "nothing in a plain connection tells the hosts apart: make a ServiceEntry of each")
        }
    }

    fileprivate mutating func checkEndpoints() {
        let endpoints = spec?.at("endpoints")?.list ?? []
        let selector = spec?.at("workloadSelector")
        let ports = Set((spec?.at("ports")?.list ?? []).compactMap { $0.at("name")?.text })
        if selector != nil, let list = spec?.at("endpoints") {
            reject("only one of WorkloadSelector or Endpoints is allowed in Service Entry", at: list)
        }
        if selector != nil, resolution == "NONE" || isDNS {
            warn("workloadSelector should not be set when resolution mode is \(resolution)", at: selector)
        }
        for address in spec?.at("addresses")?.list ?? [] {
            if !Names.isSubnet(address.text) {
                reject("\(address.text) is not a valid IP address or CIDR block", at: address)
            } else if address.text.contains("/"), isDNS {
                reject("CIDR addresses are allowed only for NONE/STATIC resolution types", at: address)
            }
        }
        if resolution == "NONE", !endpoints.isEmpty {
            reject(
                "no endpoints should be provided for resolution type none", at: spec?.at("endpoints"),
                hint: "set resolution: STATIC or DNS")
        }
        if isDNS, endpoints.isEmpty {
            for host in spec?.at("hosts")?.list ?? [] where Names.problem(ofHost: host.text) != nil {
                reject(
                    "hosts must be FQDN if no endpoints are provided for resolution mode \(resolution)", at: host)
            }
        }
        if resolution == "DNS_ROUND_ROBIN", endpoints.count > 1 {
            reject("there must only be 0 or 1 endpoint for resolution mode DNS_ROUND_ROBIN", at: spec?.at("endpoints"))
        }
        guard resolution != "NONE" else { return }
        for endpoint in endpoints { check(endpoint: endpoint, ports: ports, mayBeName: isDNS) }
    }

    fileprivate mutating func check(endpoint: Node, ports: Set<String>?, mayBeName: Bool) {
        let address = endpoint.at("address")?.text ?? ""
        if address.isEmpty {
            if let network = endpoint.at("network") {
                warn("address is unset with network \"\(network.text)\"", at: network)
            } else {
                reject("address is required", at: endpoint)
            }
        } else if address.hasPrefix("unix://") {
            if let ports = endpoint.at("ports") {
                reject("unix endpoint \(address) must not include ports", at: ports)
            }
        } else if !Names.isIPAddress(address) {
            if !mayBeName {
                reject(
                    "endpoint address \"\(address)\" is not a valid IP address", at: endpoint.at("address"),
                    hint: "names need resolution: DNS")
            } else if Names.problem(ofHost: address) != nil {
                reject(
                    "endpoint address \"\(address)\" is not a valid FQDN or an IP address", at: endpoint.at("address"))
            }
        }
        for entry in endpoint.at("ports").map({ Array($0.entries) }) ?? [] {
            if let ports, !ports.contains(entry.key) {
                reject("endpoint port \(entry.key) is not defined by the service entry", at: entry.value)
            }
            if !Names.isLabel(entry.key) { reject("invalid port name: \(entry.key)", at: entry.value) }
        }
    }
}
