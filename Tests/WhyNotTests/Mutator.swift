import Documents
import MeshModel
import TestSupport

/// Breaks manifests as people do: mistyped words, names of another place, ports of the wrong side, what was copied and not
/// changed. It knows the objects, not the repairs.
struct Mutator {
    struct Mutation {
        /// `VirtualService default/httpbin`.
        let object: String
        /// The kind of mistake: `host`, `gateway`, `port`, …
        let kind: String
        let what: String
        let config: String
    }

    private struct Change {
        let kind: String
        let edit: ValueEdit
    }

    var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// One mistake somewhere in the manifests; `nil` when the object that was chosen has no place for one.
    mutating func mutate(_ config: String) -> Mutation? {
        let bytes = Array(config.utf8)
        let documents = DocumentReader.read(bytes, file: "mesh.yaml").documents
        let kinds: Set<String> = [
            "Gateway", "VirtualService", "DestinationRule", "Service", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute",
            "ReferenceGrant", "ServiceEntry",
        ]
        let places = documents.filter { kinds.contains($0.root["kind"]?.text ?? "") }
        // Each kind as often as any other: people edit routes and gateways more than the many Services that they lead to.
        let present = Set(places.map { $0.root["kind"]?.text ?? "" }).sorted()
        guard let chosen = present.randomElement(using: &random),
            let document = places.filter({ $0.root["kind"]?.text == chosen }).randomElement(using: &random)
        else { return nil }
        let root = document.root
        let changes = changes(of: root, all: documents.map(\.root))
        let byKind = Dictionary(grouping: changes, by: \.kind)
        guard let kind = byKind.keys.sorted().randomElement(using: &random),
            let change = byKind[kind]?.randomElement(using: &random)
        else { return nil }
        let text = Array(bytes[document.byteRange])
        guard let tree = SourceTree(text), let edits = tree.textEdits(change.edit, below: tree.rootAnchor),
            let new = edits.applied(to: text)
        else { return nil }
        let config = bytes[..<document.byteRange.lowerBound] + new + bytes[document.byteRange.upperBound...]
        let name = root[path: "metadata", "name"]?.text ?? ""
        let namespace = root[path: "metadata", "namespace"]?.text ?? "default"
        return Mutation(
            object: "\(root["kind"]?.text ?? "") \(namespace)/\(name)", kind: kind, what: "\(change.edit)",
            config: String(decoding: config, as: UTF8.self))
    }

    // MARK: Places for mistakes

    private mutating func changes(of root: Node, all: [Node]) -> [Change] {
        switch root["kind"]?.text {
        case "VirtualService": virtualService(root)
        case "Gateway" where root["apiVersion"]?.text.hasPrefix("networking.istio.io") == true: istioGateway(root)
        case "Gateway": gateway(root)
        case "DestinationRule": destinationRule(root)
        case "Service": service(root)
        case "ServiceEntry": serviceEntry(root)
        case "ReferenceGrant": referenceGrant(root)
        default: route(root)
        }
    }

    private mutating func virtualService(_ root: Node) -> [Change] {
        var changes = names(root)
        changes += texts(root, ["spec", "hosts"], "host") { $0.host($1) }
        changes += texts(root, ["spec", "gateways"], "gateway") { $0.gateway($1) }
        if root.at(["spec", "gateways"]) != nil {
            changes.append(Change(kind: "gateway", edit: .remove(["spec", "gateways"])))
        }
        changes.append(Change(kind: "exportTo", edit: .set(["spec", "exportTo"], ["elsewhere"])))
        for list in ["http", "tls", "tcp"] {
            for (index, entry) in root.list("spec", list).enumerated() {
                let place: [PathStep] = ["spec", .key(list), .index(index)]
                for (position, match) in entry.list("match").enumerated() {
                    let at = place + ["match", .index(position)]
                    changes += conditions(match, at)
                    changes += texts(root, at + ["sniHosts"], "host") { $0.host($1) }
                    changes += numbers(root, at + ["port"], "match port")
                    if match["port"] == nil {
                        changes.append(Change(kind: "match port", edit: .set(at + ["port"], .int(port(9080)))))
                    }
                }
                for position in (entry["route"].map { Array($0.elements.indices) } ?? []) {
                    let at = place + ["route", .index(position), "destination"]
                    changes += text(root, at + ["host"], "destination") { $0.service($1) }
                    changes += text(root, at + ["subset"], "subset") { $0.word($1) }
                    changes += numbers(root, at + ["port", "number"], "port")
                }
            }
        }
        return changes
    }

    private mutating func conditions(_ match: Node, _ at: [PathStep]) -> [Change] {
        var changes: [Change] = []
        for key in ["prefix", "exact", "regex"] {
            if let old = match[path: "uri", key]?.string {
                changes.append(Change(kind: "match", edit: .set(at + ["uri", .key(key)], .string(path(old)))))
                if key == "prefix" {
                    changes.append(Change(kind: "match", edit: .set(at + ["uri"], ["exact": .string(old)])))
                }
            }
        }
        for entry in match["headers"].map({ Array($0.entries) }) ?? [] {
            for key in ["exact", "prefix"] {
                if let old = entry.value[key]?.string {
                    changes.append(
                        Change(
                            kind: "match", edit: .set(at + ["headers", .key(entry.key), .key(key)], .string(word(old))))
                    )
                }
            }
        }
        if let old = match[path: "method", "exact"]?.string {
            changes.append(
                Change(kind: "match", edit: .set(at + ["method", "exact"], .string(old == "GET" ? "POST" : "GET"))))
        }
        return changes
    }

    private mutating func istioGateway(_ root: Node) -> [Change] {
        var changes = names(root)
        for entry in root[path: "spec", "selector"].map({ Array($0.entries) }) ?? [] {
            changes.append(
                Change(
                    kind: "selector",
                    edit: .set(["spec", "selector", .key(entry.key)], .string(word(entry.value.text)))))
        }
        for (index, server) in root.list("spec", "servers").enumerated() {
            let at: [PathStep] = ["spec", "servers", .index(index)]
            changes += texts(root, at + ["hosts"], "host") { $0.host($1) }
            changes += texts(root, at + ["hosts"], "namespace") { mutator, host in
                host.contains("/") ? nil : (mutator.flip() ? "elsewhere/" : "./") + host
            }
            changes += numbers(root, at + ["port", "number"], "port")
            if let name = server[path: "port", "protocol"]?.string {
                let other = name == "TCP" ? "HTTP" : "TCP"
                changes.append(Change(kind: "protocol", edit: .set(at + ["port", "protocol"], .string(other))))
            }
            if let mode = server[path: "tls", "mode"]?.string {
                let other = ["SIMPLE", "PASSTHROUGH", "MUTUAL"].first { $0 != mode } ?? "SIMPLE"
                changes.append(Change(kind: "tls", edit: .set(at + ["tls", "mode"], .string(other))))
            }
        }
        return changes
    }

    private mutating func gateway(_ root: Node) -> [Change] {
        var changes: [Change] = []
        for (index, listener) in root.list("spec", "listeners").enumerated() {
            let at: [PathStep] = ["spec", "listeners", .index(index)]
            changes += text(root, at + ["hostname"], "host") { $0.host($1) }
            changes += text(root, at + ["name"], "listener name") { $0.word($1) }
            changes += numbers(root, at + ["port"], "port")
            if listener["hostname"] == nil {
                changes.append(Change(kind: "host", edit: .set(at + ["hostname"], "shop.example.net")))
            }
            let from = flip() ? "None" : "Same"
            changes.append(
                Change(
                    kind: "allowedRoutes", edit: .set(at + ["allowedRoutes", "namespaces"], ["from": .string(from)])))
            changes.append(
                Change(kind: "allowedRoutes", edit: .set(at + ["allowedRoutes", "kinds"], [["kind": "UDPRoute"]])))
        }
        return changes
    }

    private mutating func route(_ root: Node) -> [Change] {
        var changes = names(root).filter { $0.kind == "namespace" }
        changes += texts(root, ["spec", "hostnames"], "host") { $0.host($1) }
        if root.at(["spec", "hostnames"]) == nil, root["kind"]?.text != "TCPRoute" {
            changes.append(Change(kind: "host", edit: .set(["spec", "hostnames"], ["shop.example.net"])))
        }
        for index in root[path: "spec", "parentRefs"].map({ Array($0.elements.indices) }) ?? [] {
            let at: [PathStep] = ["spec", "parentRefs", .index(index)]
            changes += text(root, at + ["name"], "parent") { $0.word($1) }
            changes.append(Change(kind: "parent", edit: .set(at + ["namespace"], .string(word("default")))))
            changes.append(Change(kind: "section", edit: .set(at + ["sectionName"], .string(word("http")))))
            changes += numbers(root, at + ["port"], "port")
        }
        for (index, rule) in root.list("spec", "rules").enumerated() {
            let place: [PathStep] = ["spec", "rules", .index(index)]
            for (position, match) in rule.list("matches").enumerated() {
                let at = place + ["matches", .index(position)]
                if let old = match[path: "path", "value"]?.string {
                    changes.append(Change(kind: "match", edit: .set(at + ["path", "value"], .string(path(old)))))
                    if match[path: "path", "type"]?.text != "Exact" {
                        changes.append(Change(kind: "match", edit: .set(at + ["path", "type"], "Exact")))
                    }
                }
                if let old = match["method"]?.string {
                    changes.append(
                        Change(kind: "match", edit: .set(at + ["method"], .string(old == "GET" ? "POST" : "GET"))))
                }
                changes += text(root, at + ["method", "service"], "match") { $0.word($1) }
                changes += text(root, at + ["method", "method"], "match") { $0.word($1) }
                for list in ["headers", "queryParams"] {
                    for entry in match[list].map({ Array($0.elements.indices) }) ?? [] {
                        changes += text(root, at + [.key(list), .index(entry), "value"], "match") { $0.word($1) }
                        changes += text(root, at + [.key(list), .index(entry), "name"], "match") { $0.word($1) }
                    }
                }
            }
            for position in rule["backendRefs"].map({ Array($0.elements.indices) }) ?? [] {
                let at = place + ["backendRefs", .index(position)]
                changes += text(root, at + ["name"], "backend") { $0.word($1) }
                changes.append(Change(kind: "backend", edit: .set(at + ["namespace"], .string(word("default")))))
                changes += numbers(root, at + ["port"], "port")
            }
        }
        return changes
    }

    private mutating func destinationRule(_ root: Node) -> [Change] {
        var changes = names(root).filter { $0.kind == "namespace" }
        changes += text(root, ["spec", "host"], "host") { $0.service($1) }
        changes.append(Change(kind: "exportTo", edit: .set(["spec", "exportTo"], ["elsewhere"])))
        for (index, subset) in root.list("spec", "subsets").enumerated() {
            let at: [PathStep] = ["spec", "subsets", .index(index)]
            changes += text(root, at + ["name"], "subset") { $0.word($1) }
            for label in subset["labels"].map({ Array($0.entries) }) ?? [] {
                changes += text(root, at + ["labels", .key(label.key)], "subset") { $0.word($1) }
            }
        }
        return changes
    }

    private mutating func service(_ root: Node) -> [Change] {
        var changes = names(root)
        for entry in root[path: "spec", "selector"].map({ Array($0.entries) }) ?? [] {
            changes += text(root, ["spec", "selector", .key(entry.key)], "selector") { $0.word($1) }
        }
        for index in root[path: "spec", "ports"].map({ Array($0.elements.indices) }) ?? [] {
            changes += numbers(root, ["spec", "ports", .index(index), "port"], "port")
        }
        return changes
    }

    private mutating func serviceEntry(_ root: Node) -> [Change] {
        var changes = texts(root, ["spec", "hosts"], "host") { $0.host($1) }
        for index in root[path: "spec", "ports"].map({ Array($0.elements.indices) }) ?? [] {
            changes += numbers(root, ["spec", "ports", .index(index), "number"], "port")
        }
        changes.append(Change(kind: "exportTo", edit: .set(["spec", "exportTo"], ["elsewhere"])))
        return changes
    }

    private mutating func referenceGrant(_ root: Node) -> [Change] {
        var changes = names(root).filter { $0.kind == "namespace" }
        changes += text(root, ["spec", "from", 0, "namespace"], "grant") { $0.word($1) }
        changes += text(root, ["spec", "to", 0, "name"], "grant") { $0.word($1) }
        if root.at(["spec", "from", 0, "kind"]) != nil {
            changes.append(Change(kind: "grant", edit: .set(["spec", "from", 0, "kind"], "TLSRoute")))
        }
        return changes
    }

    private mutating func names(_ root: Node) -> [Change] {
        var changes: [Change] = text(root, ["metadata", "name"], "name") { $0.word($1) }
        changes.append(
            Change(kind: "namespace", edit: .set(["metadata", "namespace"], .string(flip() ? "elsewhere" : "other"))))
        return changes
    }

    // MARK: Mistakes

    private mutating func texts(
        _ root: Node, _ list: [PathStep], _ kind: String, _ mistake: (inout Mutator, String) -> String?
    ) -> [Change] {
        (root.at(list).map { Array($0.elements.indices) } ?? []).flatMap {
            text(root, list + [.index($0)], kind, mistake)
        }
    }

    private mutating func text(
        _ root: Node, _ path: [PathStep], _ kind: String, _ mistake: (inout Mutator, String) -> String?
    ) -> [Change] {
        guard let old = root.at(path)?.string, let new = mistake(&self, old), new != old, !new.isEmpty else {
            return []
        }
        return [Change(kind: kind, edit: .set(path, .string(new)))]
    }

    private mutating func numbers(_ root: Node, _ path: [PathStep], _ kind: String) -> [Change] {
        guard let old = root.at(path)?.int else { return [] }
        return [Change(kind: kind, edit: .set(path, .int(port(old))))]
    }

    private mutating func flip() -> Bool { Bool.random(using: &random) }

    private mutating func port(_ old: Int64) -> Int64 {
        [80, 8080, 443, 8000, 9080, 15021, 31380, old + 1].filter { $0 != old }.randomElement(using: &random) ?? 81
    }

    /// A letter too much, too few, another one, or two swapped; now and then another word.
    mutating func word(_ old: String) -> String {
        var letters = Array(old)
        guard letters.count > 1 else { return old + "x" }
        let index = Int.random(in: 0..<letters.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: letters.remove(at: index)
        case 1: letters.insert(letters[index], at: index)
        case 2: letters[index] = letters[index] == "a" ? "e" : "a"
        case 3 where index + 1 < letters.count && letters[index] != letters[index + 1]: letters.swapAt(index, index + 1)
        case 4: letters += Array("-v2")
        default:
            return ["canary", "test", "staging", "backend"].filter { $0 != old }.randomElement(using: &random) ?? "x"
        }
        let text = String(letters)
        return text.first?.isLetter == true || old.first?.isLetter != true ? text : "x" + text
    }

    mutating func host(_ old: String) -> String {
        if old == "*" { return ["shop.example.net", "*.example.net"].randomElement(using: &random) ?? "x.example.net" }
        let pieces = old.split(separator: ".").map(String.init)
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where !old.hasPrefix("*"): return "www." + old
        case 1 where pieces.count > 1:
            return pieces.dropLast().joined(separator: ".") + (old.hasSuffix(".com") ? ".org" : ".com")
        case 2 where pieces.count > 2: return "*." + pieces.dropFirst(2).joined(separator: ".") + ".internal"
        default:
            guard let index = pieces.indices.filter({ pieces[$0] != "*" }).randomElement(using: &random) else {
                return old
            }
            var changed = pieces
            changed[index] = word(pieces[index])
            return changed.joined(separator: ".")
        }
    }

    mutating func service(_ old: String) -> String {
        var pieces = old.split(separator: ".").map(String.init)
        if pieces.count > 1, flip() {
            pieces[1] = word(pieces[1])
        } else if pieces.count == 1, Int.random(in: 0..<3, using: &random) == 0 {
            return old + ".elsewhere.svc.cluster.local"
        } else {
            pieces[0] = word(pieces[0])
        }
        return pieces.joined(separator: ".")
    }

    mutating func gateway(_ old: String) -> String {
        if old == "mesh" { return "msh" }
        if let slash = old.firstIndex(of: "/"), flip() { return String(old[old.index(after: slash)...]) }
        return flip() ? "elsewhere/" + (old.split(separator: "/").last ?? "") : word(old)
    }

    mutating func path(_ old: String) -> String {
        let pieces = old.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if old == "/" { return "/api" }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return old.hasSuffix("/") ? old + "v1" : old + "/v1"
        case 1: return "/api" + old
        default:
            guard let index = pieces.indices.filter({ !pieces[$0].isEmpty }).randomElement(using: &random) else {
                return old + "x"
            }
            var changed = pieces
            changed[index] = word(pieces[index])
            return changed.joined(separator: "/")
        }
    }
}

extension Node {
    /// The elements of the sequence at the end of a path of keys.
    fileprivate func list(_ keys: String...) -> [Node] {
        at(keys.map { PathStep.key($0) }).map { Array($0.elements) } ?? []
    }
}
