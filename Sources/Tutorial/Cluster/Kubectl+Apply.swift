import Documents
import MeshModel

extension Kubectl {
    mutating func apply(_ line: KubectlLine, _ files: [PlacedText], _ missing: [String]) -> Prediction {
        if files.isEmpty, missing.isEmpty {
            return .refused(
                line["--kustomize"] != nil
                    ? "kustomize needs files that are not here" : "there is nothing to apply here")
        }
        var prediction = Prediction()
        let isDry = line["--dry-run"].map { $0 != "none" } ?? false
        let before = cluster
        for file in files {
            let applied = cluster.apply(
                file.text, file: file.file, line: file.line, namespace: line.namespace ?? defaultNamespace,
                cluster: clusterName(of: line))
            prediction.notes += applied.diagnostics
            for (resource, change) in applied.objects {
                if injects, resource.node[path: "spec", "template"] != nil { inject(resource) }
                let done = line.verb == "replace" ? "replaced" : change.rawValue
                // Whether an object was changed meanwhile is not in the document.
                let word: PredictedLine.Word =
                    change == .created || line.verb == "replace"
                    ? .exact(done) : .generated(done, why: "configured or unchanged")
                prediction.lines.append(PredictedLine([.exact(Self.name(of: resource)), word]))
                prediction.effects.append("\(done) \(Self.name(of: resource))")
            }
        }
        if isDry { cluster = before }
        for path in missing where path != "-" {
            prediction.lines.append(PredictedLine("error: the path \"\(path)\" does not exist"))
            prediction.notes.append(
                Diagnostic(
                    .warning,
                    "\"\(path)\" is not in the document, not beside it, and none of the samples that meshtop knows",
                    at: location, hint: "put the file beside the tutorial, or load what it holds with -f"))
        }
        prediction.isFailure = !missing.isEmpty
        if let first = missing.first, files.isEmpty {
            prediction.refusal = first == "-" ? "what is piped into it is not known" : "\(first) is not here"
        }
        return prediction
    }

    /// What `istioctl kube-inject` does to Pods, as far as traffic is concerned: they have a sidecar.
    private mutating func inject(_ resource: Resource) {
        let path = ["spec", "template", "metadata", "labels", "sidecar.istio.io/inject"]
        _ = cluster.replace(resource, by: resource.node.json.setting(path, to: "true"))
    }

    private var defaultNamespace: String? { namespace == "default" ? nil : namespace }

    mutating func delete(_ line: KubectlLine, _ files: [PlacedText], _ missing: [String]) -> Prediction {
        var prediction = Prediction()
        var targets: [Resource] = []
        var absent: [String] = []
        if line.files.isEmpty {
            let found = self.targets(line.operands, line)
            targets = found.found
            absent = found.missing
            prediction.notes += ambiguity(of: found.kinds)
        }
        for file in files {
            let wanted = ManifestText(
                file.text, file: file.file, line: file.line, namespace: line.namespace ?? defaultNamespace,
                cluster: clusterName(of: line)
            ).read().resources
            for resource in wanted {
                let found = cluster.resources {
                    $0.identity == resource.identity && $0.meta.cluster == resource.meta.cluster
                }
                if found.isEmpty { absent.append("\(Self.type(of: resource))/\(resource.meta.name)") }
                targets += found
            }
        }
        for resource in targets {
            cluster.remove(resource)
            let words =
                [.exact(Self.type(of: resource)), .exact("\"\(resource.meta.name)\""), .exact("deleted")]
                as [PredictedLine.Word]
            // kubectl 1.34 says the namespace too.
            prediction.lines.append(
                PredictedLine(words + [.rest("", why: "namespace")], text: words.map(\.text).joined(separator: " ")))
            prediction.effects.append("deleted \(Self.name(of: resource))")
        }
        if !absent.isEmpty, line["--ignore-not-found"] != "true" {
            let errors = notFound(absent)
            prediction.lines += errors.lines
            prediction.isFailure = true
        }
        if targets.isEmpty, !missing.isEmpty { prediction.refusal = "\(missing[0]) is not here" }
        return prediction
    }

    // MARK: Objects without a file

    mutating func create(_ line: KubectlLine) -> Prediction {
        let name = line.operands.last ?? ""
        guard line.operands.count > 1 else { return .refused("kubectl create without a name") }
        switch line.operands[0] {
        case "namespace", "ns":
            return make("apiVersion: v1\nkind: Namespace\nmetadata: {name: \(quoted(name))}", line)
        case "deployment", "deploy":
            return make(Self.deployment(name, image: line["--image"] ?? "", replicas: line["--replicas"] ?? "1"), line)
        case "secret":
            let type = line.operands[1] == "tls" ? "kubernetes.io/tls" : "Opaque"
            return make("apiVersion: v1\nkind: Secret\ntype: \(type)\nmetadata: {name: \(quoted(name))}", line)
        case "configmap", "cm":
            return make("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(quoted(name))}", line)
        case "serviceaccount", "sa":
            return make("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: \(quoted(name))}", line)
        default: return .refused("kubectl create \(line.operands[0]) changes nothing that is routed")
        }
    }

    private func quoted(_ text: String) -> String { JSON.string(text).text() }

    private static func deployment(_ name: String, image: String, replicas: String) -> String {
        let object: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": .string(name), "labels": ["app": .string(name)]],
            "spec": [
                "replicas": .int(Int64(replicas) ?? 1), "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": ["app": .string(name)]],
                    "spec": ["containers": [["name": .string(name), "image": .string(image)]]],
                ],
            ],
        ]
        return object.text()
    }

    /// Applies an object that the command describes in words.
    mutating func make(_ text: String, _ line: KubectlLine) -> Prediction {
        let applied = cluster.apply(
            text, file: location.file, line: location.line, namespace: line.namespace ?? defaultNamespace,
            cluster: clusterName(of: line))
        var prediction = Prediction()
        prediction.notes = applied.diagnostics
        for (resource, change) in applied.objects {
            if change == .created {
                prediction.lines.append(PredictedLine("\(Self.name(of: resource)) created"))
                prediction.effects.append("created \(Self.name(of: resource))")
            } else {
                prediction.lines.append(
                    PredictedLine("Error from server (AlreadyExists): \(Self.name(of: resource)) already exists"))
                prediction.isFailure = true
            }
        }
        return prediction
    }

    mutating func run(_ line: KubectlLine) -> Prediction {
        guard let name = line.operands.first else { return .refused("kubectl run without a name") }
        if line.has("--rm") { return .refused("the Pod of kubectl run --rm does not stay") }
        let object: JSON = [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(name), "labels": Self.labels(line["--labels"], or: name)],
            "spec": ["containers": [["name": .string(name), "image": .string(line["--image"] ?? "")]]],
        ]
        return make(object.text(), line)
    }

    private static func labels(_ text: String?, or name: String) -> JSON {
        guard let text else { return ["run": .string(name)] }
        var labels = JSONObject()
        for pair in text.split(separator: ",") {
            let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
            if sides.count == 2 { labels[sides[0]] = .string(sides[1]) }
        }
        return .object(labels)
    }

    mutating func expose(_ line: KubectlLine) -> Prediction {
        let found = targets(line.operands, line)
        guard let resource = found.found.first else { return notFound(found.missing) }
        let selector =
            resource.kindName == "Pod"
            ? resource.node[path: "metadata", "labels"]?.json
            : resource.node[path: "spec", "selector", "matchLabels"]?.json
                ?? resource.node[path: "spec", "selector"]?.json
        guard let selector, let port = Int64(line["--port"] ?? "") else {
            return .refused("kubectl expose needs --port and an object with labels")
        }
        var entry: JSONObject = JSONObject()
        entry["port"] = .int(port)
        entry["name"] = line["--port-name"].map { .string($0) }
        if let target = line["--target-port"] {
            entry["targetPort"] = Int64(target).map { .int($0) } ?? .string(target)
        }
        let name = line["--name"] ?? resource.meta.name
        let object: JSON = [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)],
            "spec": [
                "type": .string(line["--type"] ?? "ClusterIP"), "selector": selector, "ports": .array([.object(entry)]),
            ],
        ]
        var prediction = make(object.text(), line)
        prediction.lines = prediction.lines.map { PredictedLine($0.text.replacing(" created", with: " exposed")) }
        return prediction
    }
}
