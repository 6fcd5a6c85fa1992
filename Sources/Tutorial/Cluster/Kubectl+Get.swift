import Documents
import MeshModel
import Presentation

extension Kubectl {
    /// `kubectl get`: a table a kind, or the objects as `-o` says.
    func get(_ line: KubectlLine) -> Prediction {
        guard !line.operands.isEmpty else { return .refused("kubectl get without a kind") }
        if !line.files.isEmpty { return .refused("kubectl get -f is not known to play") }
        let kinds = line.operands[0].split(separator: ",").map(String.init)
        let known = kinds.flatMap { ResourceKind.kinds(named: String($0.prefix { $0 != "/" })) }
        let found = targets(line.operands, line)
        if line.output.hasPrefix("jsonpath") || line.output.hasPrefix("go-template") || line.output == "name" {
            return formatted(line, found.found, found.missing)
        }
        let notes = ambiguity(of: found.kinds)
        guard !known.isEmpty || !found.found.isEmpty else {
            return .refused("objects of kind \(kinds.joined(separator: ",")) have no part in routing")
        }
        if !found.missing.isEmpty, found.found.isEmpty {
            var prediction = notFound(found.missing)
            prediction.notes = notes
            return prediction
        }
        if ["yaml", "json"].contains(line.output) {
            var prediction = formatted(line, found.found, found.missing)
            prediction.notes = notes
            return prediction
        }
        var prediction = tables(line, found.found)
        prediction.notes = notes
        if !found.missing.isEmpty { prediction.lines += notFound(found.missing).lines }
        return prediction
    }

    private func formatted(_ line: KubectlLine, _ found: [Resource], _ missing: [String]) -> Prediction {
        if line.output == "name" { return Prediction(lines: found.map(Self.name)) }
        if line.output == "yaml" || line.output == "json" {
            let isOne = line.operands.count == 2 || line.operands[0].contains("/")
            let value: JSON
            if isOne, let first = found.first {
                value = first.json
            } else {
                value = ["apiVersion": "v1", "items": .array(found.map(\.json)), "kind": "List"]
            }
            let text = line.output == "yaml" ? value.yaml : value.text(indent: 4)
            return Prediction(lines: text.split(separator: "\n").map(String.init))
        }
        if !missing.isEmpty, found.isEmpty { return notFound(missing) }
        // The evaluation of jsonpath is that of the variables of curl lines.
        var words = ["kubectl", "get"] + line.operands + ["-n", namespace(of: line), "-o", line.output]
        let labels = line.selector.compactMap { rule in rule.value.map { "\(rule.key)=\($0)" } }
        if !labels.isEmpty { words += ["-l", labels.joined(separator: ",")] }
        let mesh = cluster.snapshot.mesh
        guard let text = MeshVariables(mesh).output(words + (line.allNamespaces ? ["-A"] : [])) else {
            return .refused("-o \(line.output) is not known to play")
        }
        return Prediction(lines: text.split(separator: "\n").map(String.init))
    }

    // MARK: Tables

    private func tables(_ line: KubectlLine, _ found: [Resource]) -> Prediction {
        var groups: [(kind: String, rows: [[PredictedLine.Word]], heading: [String])] = []
        // As the API server lists them.
        let sorted = found.sorted { left, right in
            (left.meta.namespace, left.meta.name) < (right.meta.namespace, right.meta.name)
        }
        let resources = sorted.map { ($0, KubectlTable.row(of: $0)) } + standInPods(line, found)
        for (resource, row) in resources {
            let key = Self.type(of: resource)
            var (heading, cells) = row
            if line.allNamespaces, !resource.meta.namespace.isEmpty {
                heading.insert("NAMESPACE", at: 0)
                cells.insert(.exact(resource.meta.namespace), at: 0)
            }
            if let index = groups.firstIndex(where: { $0.kind == key }) {
                groups[index].rows.append(cells)
            } else {
                groups.append((key, [cells], heading))
            }
        }
        guard !groups.isEmpty else {
            let place = line.allNamespaces ? "" : " in \(namespace(of: line)) namespace."
            return Prediction(lines: ["No resources found\(place)"])
        }
        var prediction = Prediction()
        for group in groups {
            let rows = line.has("--no-headers") ? group.rows : [group.heading.map { .exact($0) }] + group.rows
            let text = TabWriter(padding: 3).text(rows.map { $0.map(\.text) })
            let shown = text.split(separator: "\n", omittingEmptySubsequences: false)
            for (row, text) in zip(rows, shown) {
                // A cell of several words is several words of the line.
                let words = row.flatMap { word -> [PredictedLine.Word] in
                    guard case .exact(let text) = word else { return [word] }
                    return text.split(separator: " ").map { .exact(String($0)) }
                }
                prediction.lines.append(PredictedLine(words, text: String(text)))
            }
        }
        return prediction
    }

    /// The Pods of workloads whose Pods no manifest has.
    private func standInPods(
        _ line: KubectlLine, _ found: [Resource]
    ) -> [(Resource, (heading: [String], cells: [PredictedLine.Word]))] {
        let kinds = line.operands[0].split(separator: ",").flatMap { ResourceKind.kinds(named: String($0)) }
        guard kinds.contains(where: { $0.name == "Pod" }) || line.operands[0] == "all", line.operands.count == 1 else {
            return []
        }
        let mesh = cluster.snapshot.mesh
        guard let workload = mesh.resources.first else { return [] }
        let sidecars = Set(mesh.proxies.filter { $0.type == .sidecar }.compactMap(\.pod))
        return mesh.pods.filter { pod in
            pod.isStandIn && (line.allNamespaces || pod.namespace == namespace(of: line))
                && line.selects(pod.meta.labels)
        }.map { pod in
            let count = pod.spec.servingContainers.count + (sidecars.contains(pod.namespacedName) ? 1 : 0)
            let resource = Resource(
                apiVersion: "v1", kindName: "Pod", kind: nil, meta: pod.meta, node: workload.node, object: nil)
            return (resource, KubectlTable.pod(named: pod.name, containers: count, isGenerated: true))
        }
    }
}

/// The columns that kubectl prints for the kinds of a mesh.
enum KubectlTable {
    typealias Row = (heading: [String], cells: [PredictedLine.Word])

    private static let age = PredictedLine.Word.generated("0s", why: "age")

    static func row(of resource: Resource) -> Row {
        let name = PredictedLine.Word.exact(resource.meta.name)
        switch resource.object {
        case let service as Service: return row(of: service)
        case let ingress as Ingress: return row(of: ingress)
        case let gateway as KubernetesGateway:
            let address = gateway.statusAddresses.first?.value ?? ""
            return (
                ["NAME", "CLASS", "ADDRESS", "PROGRAMMED", "AGE"],
                [
                    name, .exact(gateway.gatewayClassName), .generated(address, why: "address"),
                    .exact(address.isEmpty ? "" : "True"), age,
                ]
            )
        case let service as VirtualService:
            return (
                ["NAME", "GATEWAYS", "HOSTS", "AGE"],
                [name, .exact(list(service.gateways)), .exact(list(service.hosts)), age]
            )
        case let rule as DestinationRule: return (["NAME", "HOST", "AGE"], [name, .exact(rule.host), age])
        case let entry as ServiceEntry:
            let spec = resource.node["spec"]
            return (
                ["NAME", "HOSTS", "LOCATION", "RESOLUTION", "AGE"],
                [
                    name, .exact(list(entry.hosts)), .exact(spec?["location"]?.string ?? ""),
                    .exact(spec?["resolution"]?.string ?? ""), age,
                ]
            )
        case is HTTPRoute:
            let hosts = resource.node[path: "spec", "hostnames"]?.elements.map(\.text) ?? []
            return (["NAME", "HOSTNAMES", "AGE"], [name, .exact(list(hosts)), age])
        case is Namespace: return (["NAME", "STATUS", "AGE"], [name, .exact("Active"), age])
        default: break
        }
        switch resource.kindName {
        case "Deployment":
            let count = resource.node[path: "spec", "replicas"]?.int ?? 1
            return (
                ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"],
                [name, .exact("\(count)/\(count)"), .exact("\(count)"), .exact("\(count)"), age]
            )
        case "Pod":
            let containers = resource.node[path: "spec", "containers"]?.count ?? 1
            return pod(named: resource.meta.name, containers: containers, isGenerated: false)
        default: return (["NAME", "AGE"], [name, age])
        }
    }

    static func pod(named name: String, containers: Int, isGenerated: Bool) -> Row {
        (
            ["NAME", "READY", "STATUS", "RESTARTS", "AGE"],
            [
                isGenerated ? .generated(name, why: "Pod names") : .exact(name),
                .exact("\(containers)/\(containers)"), .exact("Running"), .generated("0", why: "restarts"), age,
            ]
        )
    }

    private static func list(_ words: [String]) -> String {
        words.isEmpty ? "" : "[" + words.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }

    private static func row(of service: Service) -> Row {
        let address = service.loadBalancerIngress.first.flatMap { $0.ip ?? $0.hostname } ?? service.externalIPs.first
        let external: PredictedLine.Word
        switch service.type {
        case .externalName: external = .exact(service.externalName)
        case .loadBalancer: external = .generated(address ?? "<pending>", why: "addresses")
        default: external = address.map { .generated($0, why: "addresses") } ?? .exact("<none>")
        }
        let ports = service.ports.map { port in
            (port.nodePort.map { "\(port.port):\($0)" } ?? "\(port.port)") + "/\(port.protocol)"
        }
        let clusterIP: PredictedLine.Word =
            service.isHeadless
            ? .exact("None")
            : .generated(service.clusterIP.isEmpty ? "10.96.0.1" : service.clusterIP, why: "cluster addresses")
        return (
            ["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"],
            [
                .exact(service.name), .exact(service.type.rawValue),
                service.type == .externalName ? .exact("<none>") : clusterIP, external,
                .ports(ports.isEmpty ? "<none>" : ports.joined(separator: ",")), age,
            ]
        )
    }

    private static func row(of ingress: Ingress) -> Row {
        let hosts = ingress.rules.map(\.host).filter { !$0.isEmpty }
        return (
            ["NAME", "CLASS", "HOSTS", "ADDRESS", "PORTS", "AGE"],
            [
                .exact(ingress.name), .exact(ingress.ingressClassName ?? "<none>"),
                .exact(hosts.isEmpty ? "*" : hosts.joined(separator: ",")),
                .generated("-", why: "addresses"), .exact(ingress.tls.isEmpty ? "80" : "80, 443"), age,
            ]
        )
    }
}
