import Documents

extension MeshGenerator {
    /// A ServiceEntry of any resolution, with endpoints inline, from WorkloadEntries or from Pods.
    mutating func makeServiceEntry() {
        let name = name("entry")
        let namespace = pick(namespaces)
        let resolution = pick(["STATIC", "STATIC", "DNS", "DNS_ROUND_ROBIN", "NONE"])
        let isWild = resolution == "NONE" && chance(0.5)
        let host = isWild ? "*.\(name).example.org" : "\(name).example.org"
        let ports = entryPorts()
        let virtualIP = chance(0.5) || resolution == "NONE" && !isWild ? address("10.97") : nil
        let source = resolution == "STATIC" ? pick(["inline", "inline", "workload entries", "pods"]) : "inline"
        let labels = ["entry": name]
        if source == "workload entries" {
            for _ in 0..<number(1...2) { makeWorkloadEntry(namespace, labels: labels) }
        } else if source == "pods" {
            makePod(name, namespace, labels: labels, address: address("10.244"), ports: [8080])
        }
        let endpoints = source == "inline" ? inlineEndpoints(resolution) : []
        addIstio(
            "ServiceEntry", name, namespace,
            fields([
                "hosts": [.string(host)], "addresses": virtualIP.map { [.string($0)] } ?? [],
                "location": .string(isWild ? "MESH_EXTERNAL" : pick(["MESH_EXTERNAL", "MESH_INTERNAL"])),
                "resolution": .string(resolution),
                "ports": .array(ports.map(\.json)), "endpoints": .array(endpoints),
                "workloadSelector": source == "inline" ? [:] : ["labels": texts(labels)],
                "exportTo": exportTo(0.2) ?? [],
            ]).withoutEmpty)
        let numbers = ports.map(\.number)
        services.append(
            GeneratedService(host: host, namespace: namespace, ports: numbers, versions: ["v1"], kubernetesName: nil))
        let spoken = isWild ? ["x.\(name).example.org", "y.x.\(name).example.org"] : [host]
        mesh.words.meshHosts += spoken
        for port in numbers {
            // Without an address the client has looked the name up.
            let address = virtualIP ?? "203.0.113.\(number(1...9))"
            mesh.destinations.append(.init(address: address, port: port, hosts: spoken))
        }
    }

    private mutating func entryPorts() -> [(number: Int, json: JSON)] {
        let choices = [
            (80, "HTTP"), (8000, "HTTP"), (7070, "GRPC"), (8000, "HTTP2"), (3306, "TCP"), (443, "TLS"), (443, "HTTPS"),
            (9000, "TCP"),
        ]
        var used: Set<Int> = []
        return some(Array(choices.indices), 1, upTo: 2).compactMap { index in
            let (number, protocolName) = choices[index]
            guard used.insert(number).inserted else { return nil }
            return (
                number,
                fields([
                    "number": .number(number), "name": .string("p\(number)"), "protocol": .string(protocolName),
                    "targetPort": maybe(0.2) { _ in 8080 },
                ])
            )
        }
    }

    private mutating func inlineEndpoints(_ resolution: String) -> [JSON] {
        switch resolution {
        case "STATIC":
            return list(1...3) { generator in
                fields([
                    "address": .string(generator.address("10.50")),
                    "labels": ["version": .string(generator.pick(["v1", "v2"]))],
                    "weight": generator.maybe(0.3) { .number($0.number(1...5)) },
                    "locality": generator.maybe(0.3) { .string($0.pick(["r1/z1", "r1/z2", "r2/z1"])) },
                ])
            }
        case "DNS":
            return list(0...2) { ["address": .string($0.pick(["one.example.org", "two.example.org"]))] }
        case "DNS_ROUND_ROBIN":
            return list(0...1) { ["address": .string($0.pick(["one.example.org", "two.example.org"]))] }
        default: return []
        }
    }

    private mutating func makeWorkloadEntry(_ namespace: String, labels: [String: String]) {
        addIstio(
            "WorkloadEntry", name("machine"), namespace,
            fields([
                "address": .string(address("10.60")),
                "labels": texts(labels.merging(["version": "v1"]) { first, _ in first }),
                "ports": maybe(0.3) { _ in ["p80": 8081] },
            ]))
    }
}

extension JSON {
    /// Without members that are empty lists or objects.
    var withoutEmpty: JSON {
        guard let object else { return self }
        var kept = JSONObject()
        for member in object.members where member.value != [] && member.value != [:] {
            kept.add(member.key, member.value)
        }
        return .object(kept)
    }
}
