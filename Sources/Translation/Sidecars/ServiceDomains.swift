import Documents
import MeshModel

/// The names under which a service is reached (istiod: `generateVirtualHostDomains`).
struct ServiceDomains {
    let proxy: ProxyNode
    let features: Features

    /// The domains in order, and those among them that are short forms.
    func domains(of service: Service, port: Int, listenerPort: Int) -> (all: [String], short: Set<String>) {
        var all: [String] = []
        var short = Set<String>()
        for host in [service.hostname] + service.aliases.map(\.hostname) {
            let forms = shortForms(of: host)
            short.formUnion(forms)
            all.append(bracketed(host))
            if features.enableAbsoluteFQDNDomain, !IPAddress.isValid(host) { all.append(host + ".") }
            all += forms
        }
        if service.isHeadless, service.isKubernetes { all += all.map { "*." + $0 } }
        for address in addresses(of: service) where address != Service.unspecifiedAddress {
            all.append(bracketed(address))
        }
        if listenerPort == 0 { all = all.flatMap { [$0, "\($0):\(port)"] } }
        return (all, short)
    }

    private func bracketed(_ host: String) -> String {
        IPAddress(host)?.isIPv6 == true ? "[\(host)]" : host
    }

    /// istiod: `GetAllAddressesForProxy`.
    func addresses(of service: Service) -> [String] {
        let perCluster = service.clusterAddresses[proxy.clusterID].map { supported($0) } ?? []
        if !proxy.clusterID.isEmpty, !perCluster.isEmpty { return perCluster }
        if usesAutoAllocation, service.address == Service.unspecifiedAddress {
            let allocated = supported([service.autoAllocatedIPv4, service.autoAllocatedIPv6].filter { !$0.isEmpty })
            if !allocated.isEmpty { return allocated }
        }
        return service.isKubernetes ? supported([service.address]) : [service.address]
    }

    /// The one address that a listener for the service has (istiod: `GetAddressForProxy`).
    func address(of service: Service) -> String {
        if !proxy.clusterID.isEmpty,
            let own = service.clusterAddresses[proxy.clusterID].flatMap({ supported($0).first })
        {
            return own
        }
        if usesAutoAllocation, service.address == Service.unspecifiedAddress {
            if !service.autoAllocatedIPv4.isEmpty, proxy.supportsIPv4 { return service.autoAllocatedIPv4 }
            if !service.autoAllocatedIPv6.isEmpty { return service.autoAllocatedIPv6 }
        }
        return service.address
    }

    private var usesAutoAllocation: Bool {
        proxy.capturesDNS && (features.enableIPAutoallocate || proxy.autoAllocatesDNS)
    }

    private func supported(_ addresses: [String]) -> [String] {
        addresses.filter { address in
            guard let prefix = IPPrefix(address) else { return true }
            return prefix.masked.count == 16 ? proxy.supportsIPv6 : proxy.supportsIPv4
        }
    }

    /// `name`, `name.namespace`, … as the proxy's DNS search list allows (istiod: `generateAltVirtualHosts`).
    func shortForms(of host: String) -> [String] {
        let domain = proxy.dnsDomain
        guard !domain.isEmpty else { return [] }
        if let marker = domain.firstRange(of: ".svc.") {
            let suffix = domain[marker.lowerBound...]
            guard host.hasSuffix(suffix), host.utf8.count > suffix.utf8.count else { return [] }
            let head = host.dropLast(suffix.count)
            guard let dot = head.firstIndex(of: ".") else { return [] }
            let name = String(head[..<dot])
            let namespace = String(head[head.index(after: dot)...])
            if namespace == domain[..<marker.lowerBound] {
                return [name, "\(name).\(namespace).svc", "\(name).\(namespace)"]
            }
            return ["\(name).\(namespace)", "\(name).\(namespace).svc"]
        }
        let hostLabels = host.split(separator: ".", omittingEmptySubsequences: false)
        let domainLabels = domain.split(separator: ".", omittingEmptySubsequences: false)
        var shared = 0
        while shared < min(hostLabels.count, domainLabels.count),
            hostLabels[hostLabels.count - 1 - shared] == domainLabels[domainLabels.count - 1 - shared]
        {
            shared += 1
        }
        guard shared > 0, shared < hostLabels.count else { return [] }
        let head = hostLabels.dropLast(shared)
        let text = head.joined(separator: ".")
        return head.count == 2 ? [text, text + "." + hostLabels[hostLabels.count - shared]] : [text]
    }
}
