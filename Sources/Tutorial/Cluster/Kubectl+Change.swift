import Documents
import MeshModel

extension Kubectl {
    /// Changes the objects that a line means, each by a function of its JSON.
    private mutating func change(
        _ operands: [String], _ line: KubectlLine, done: String, _ body: (JSON) -> JSON
    ) -> Prediction {
        let found = targets(operands, line)
        guard !found.found.isEmpty else {
            return found.missing.isEmpty ? Prediction(lines: ["No resources found"]) : notFound(found.missing)
        }
        var prediction = Prediction()
        prediction.notes = ambiguity(of: found.kinds)
        for resource in found.found {
            let json = resource.node.json
            let changed = body(json)
            let isSame = changed == json
            if !isSame { _ = cluster.replace(resource, by: changed) }
            let word = isSame ? (done == "labeled" ? "not labeled" : "\(done) (no change)") : done
            prediction.lines.append(PredictedLine("\(Self.name(of: resource)) \(word)"))
            prediction.effects.append("\(word) \(Self.name(of: resource))")
        }
        if !found.missing.isEmpty { prediction.lines += notFound(found.missing).lines }
        return prediction
    }

    /// `kubectl label` and `annotate`: `key=value` sets, `key-` removes.
    mutating func mark(_ line: KubectlLine, in field: String, done: String) -> Prediction {
        let isRule = { (word: String) in word.contains("=") || (word.hasSuffix("-") && word.count > 1) }
        let rules = line.operands.dropFirst().filter(isRule)
        let operands = line.operands.prefix(1) + line.operands.dropFirst().filter { !isRule($0) }
        guard !rules.isEmpty else { return .refused("kubectl \(line.verb) without a rule") }
        return change(Array(operands), line, done: done) { json in
            rules.reduce(json) { json, rule in
                guard let equals = rule.firstIndex(of: "=") else {
                    return json.setting(["metadata", field, String(rule.dropLast())], to: nil)
                }
                return json.setting(
                    ["metadata", field, String(rule[..<equals])],
                    to: .string(String(rule[rule.index(after: equals)...])))
            }
        }
    }

    mutating func patch(_ line: KubectlLine) -> Prediction {
        guard let text = line["--patch"],
            let patch = DocumentReader.read(text, file: location.file).documents.first?.root.json
        else { return .refused("the patch cannot be read") }
        let type = line["--type"] ?? "strategic"
        return change(line.operands, line, done: "patched") { json in
            switch type {
            case "json": json.applying(operations: patch)
            case "merge": json.merging(patch, listKeys: [])
            default: json.merging(patch, listKeys: ["name", "port", "containerPort", "ip"])
            }
        }
    }

    mutating func scale(_ line: KubectlLine) -> Prediction {
        guard let count = Int64(line["--replicas"] ?? "") else { return .refused("kubectl scale needs --replicas") }
        var prediction = change(line.operands, line, done: "scaled") {
            $0.setting(["spec", "replicas"], to: .int(count))
        }
        // kubectl says "scaled" also where it was so before.
        prediction.lines = prediction.lines.map { PredictedLine($0.text.replacing(" (no change)", with: "")) }
        return prediction
    }

    mutating func set(_ line: KubectlLine) -> Prediction {
        guard line.operands.first == "image" else {
            return .refused("kubectl set \(line.operands.first ?? "") changes nothing that is routed")
        }
        let images = line.operands.dropFirst().filter { $0.contains("=") }
        let operands = line.operands.dropFirst().filter { !$0.contains("=") }
        return change(Array(operands), line, done: "image updated") { json in
            images.reduce(json) { json, pair in
                guard let equals = pair.firstIndex(of: "=") else { return json }
                return json.settingImage(String(pair[pair.index(after: equals)...]), of: String(pair[..<equals]))
            }
        }
    }

    // MARK: What changes nothing

    mutating func wait(_ line: KubectlLine) -> Prediction {
        let found = targets(line.operands, line)
        guard !found.found.isEmpty else {
            return found.missing.isEmpty
                ? Prediction(lines: ["error: no matching resources found"]) : notFound(found.missing)
        }
        let isDelete = line["--for"] == "delete"
        var prediction = Prediction()
        if isDelete {
            prediction.effects = ["waits for what is there to go"]
            return prediction
        }
        prediction.lines = found.found.map { PredictedLine("\(Self.name(of: $0)) condition met") }
        prediction.notes = ambiguity(of: found.kinds)
        return prediction
    }

    /// The editor is the document: the blocks behind the command say what is changed.
    func edit(_ line: KubectlLine) -> Prediction {
        let found = targets(line.operands, line)
        guard let resource = found.found.first else { return notFound(found.missing) }
        var prediction = Prediction(lines: ["\(Self.name(of: resource)) edited"])
        prediction.effects = ["opens \(Self.name(of: resource)): the fragments below change it"]
        return prediction
    }

    func rollout(_ line: KubectlLine) -> Prediction {
        let found = targets(Array(line.operands.dropFirst()), line)
        guard !found.found.isEmpty else { return notFound(found.missing) }
        switch line.operands.first {
        case "restart": return Prediction(lines: found.found.map { "\(Self.name(of: $0)) restarted" })
        case "status":
            return Prediction(
                lines: found.found.map {
                    "\($0.kindName.lowercased()) \"\($0.meta.name)\" successfully rolled out"
                })
        default: return .refused("kubectl rollout \(line.operands.first ?? "") changes nothing that is routed")
        }
    }
}
