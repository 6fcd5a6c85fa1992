import Documents
import MeshModel

extension VirtualService {
    /// Every destination that a route names, mirrors included.
    var destinations: [Destination] {
        var all: [Destination] = []
        for route in http {
            all += route.route.map(\.destination)
            if let mirror = route.mirror { all.append(mirror) }
            all += route.mirrors.map(\.destination)
        }
        for block in tcp { all += block.route.map(\.destination) }
        for block in tls { all += block.route.map(\.destination) }
        return all
    }
}

extension Analyzer {
    /// istioctl's `virtualservice.DestinationHostAnalyzer`: destinations are services of the mesh, and say which port.
    static let destinationHosts = Analyzer(
        name: "virtualservice.DestinationHostAnalyzer", codes: ["IST0101", "IST0112", "IST0140"]
    ) { context in
        let analyzer = "virtualservice.DestinationHostAnalyzer"
        var findings: [Finding] = []
        let split = hostsSplitInMesh(context)
        for virtualService in context.snapshot.virtualServices {
            let isForGateways = !virtualService.gateways.isEmpty && !virtualService.gateways.contains("mesh")
            let clients = namespaces(askingBy: virtualService, context)
            for destination in virtualService.destinations {
                let host = context.expanded(destination.host, in: virtualService.namespace)
                let place = destination.hostLocation ?? destination.location
                guard context.knows(host) else {
                    let nearest = context.nearestHost(to: host).map { "the nearest name is \"\($0)\"" }
                    findings.append(
                        Finding(
                            .error, "IST0101", about: virtualService, analyzer: analyzer, at: place, hint: nearest,
                            "Referenced host not found: \"\(destination.host)\""))
                    continue
                }
                if let scopes = context.exports(ofHidden: host, from: clients) {
                    findings.append(
                        Finding(
                            .error, "IST0101", about: virtualService, analyzer: analyzer, at: place,
                            hint: "it is exported to \(scopes.joined(separator: ", ")) only, and not seen from"
                                + " \(clients.sorted().joined(separator: ", "))",
                            "Referenced host not found: \"\(destination.host)\""))
                    continue
                }
                if isForGateways, destination.subset.isEmpty, let rules = split[host] {
                    findings.append(
                        Finding(
                            .warning, "IST0140", about: virtualService, analyzer: analyzer, at: place,
                            hint: "a gateway does not ask \(rules): route to the subset here",
                            "Subset in virtual service \(rules) has no effect on ingress gateway"
                                + " \(virtualService.gateways.joined(separator: ",")) requests"))
                }
                guard destination.port == nil, let service = context.service(host), service.ports.count > 1 else {
                    continue
                }
                let ports = service.ports.map { String($0.port) }.joined(separator: " ")
                findings.append(
                    Finding(
                        .error, "IST0112", about: virtualService, analyzer: analyzer, at: place,
                        hint: "name one of them in destination.port.number; without it the listener's port is taken",
                        "This VirtualService routes to a service \"\(destination.host)\" that exposes multiple ports"
                            + " [\(ports)]. Specifying a port in the destination is required to disambiguate."))
            }
        }
        return findings
    }

    /// Where the proxies are that follow the rules: the gateways' namespaces, and for sidecars the VirtualService's own.
    private static func namespaces(askingBy virtualService: VirtualService, _ context: AnalysisContext) -> Set<String> {
        var namespaces: Set<String> = []
        if virtualService.gateways.isEmpty || virtualService.gateways.contains("mesh") {
            namespaces.insert(virtualService.namespace)
        }
        for name in virtualService.gateways where name != "mesh" {
            let gateway = context.gateway(fullName(name, in: virtualService.namespace))
            let places = gateway?.selector.map { context.namespaces(ofWorkloadsWith: $0) } ?? []
            // A gateway that is not in the manifests may be anywhere.
            namespaces.formUnion(places.isEmpty ? [virtualService.namespace] : places)
        }
        return namespaces
    }

    /// Hosts whose VirtualService for the mesh routes to subsets, with its name.
    private static func hostsSplitInMesh(_ context: AnalysisContext) -> [String: NamespacedName] {
        var hosts: [String: NamespacedName] = [:]
        for virtualService in context.snapshot.virtualServices {
            guard virtualService.gateways.isEmpty || virtualService.gateways == ["mesh"],
                virtualService.destinations.contains(where: { !$0.subset.isEmpty })
            else { continue }
            for host in virtualService.hosts {
                hosts[context.expanded(host, in: virtualService.namespace)] = virtualService.namespacedName
            }
        }
        return hosts
    }

    /// istioctl's `virtualservice.DestinationRuleAnalyzer`: the subset of a destination is in a DestinationRule.
    static let destinationSubsets = Analyzer(
        name: "virtualservice.DestinationRuleAnalyzer", codes: ["IST0101"]
    ) { context in
        var findings: [Finding] = []
        for virtualService in context.snapshot.virtualServices {
            for destination in virtualService.destinations where !destination.subset.isEmpty {
                let host = context.expanded(destination.host, in: virtualService.namespace)
                guard context.knows(host) else { continue }
                let rules = context.rules(for: host) + context.wildcardRules(for: host)
                let subsets = rules.flatMap(\.subsets).map(\.name)
                guard !subsets.contains(destination.subset) else { continue }
                let known =
                    subsets.isEmpty
                    ? "no DestinationRule has subsets for it" : "there are \(subsets.joined(separator: ", "))"
                findings.append(
                    Finding(
                        .error, "IST0101", about: virtualService, analyzer: "virtualservice.DestinationRuleAnalyzer",
                        at: destination.subsetLocation ?? destination.location,
                        hint: "\(known); Envoy answers 503 with the flag NC",
                        "Referenced host+subset in destinationrule not found: \"\(destination.host)+"
                            + "\(destination.subset)\""))
            }
        }
        return findings
    }
}
