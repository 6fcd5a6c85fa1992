import Documents
import MeshModel

/// Text of a manifest with the place it stands at.
struct PlacedText: Hashable, Sendable {
    var text: String
    var file: String
    var line: Int
}

/// What kubectl would do to the objects of a tutorial, and print.
struct Kubectl {
    var cluster: PlayedCluster
    /// The context that commands without `--context` act in; `nil` is the only cluster.
    var context: String?
    /// The namespace of commands without `-n`.
    var namespace = "default"
    /// Whether `istioctl kube-inject` has put a sidecar into the Pods of what is applied.
    var injects = false
    /// Where the command stands, for what it makes.
    var location: SourceLocation

    init(_ cluster: PlayedCluster, at location: SourceLocation) {
        self.cluster = cluster
        self.location = location
    }

    /// Carries a command out; `files` are the manifests that `-f` names, `missing` those of them that nobody has.
    mutating func run(_ line: KubectlLine, files: [PlacedText], missing: [String]) -> Prediction {
        switch line.verb {
        case "apply", "create", "replace":
            if line.verb == "create", line.files.isEmpty { return create(line) }
            return apply(line, files, missing)
        case "delete": return delete(line, files, missing)
        case "get": return get(line)
        case "label": return mark(line, in: "labels", done: "labeled")
        case "annotate": return mark(line, in: "annotations", done: "annotated")
        case "patch": return patch(line)
        case "scale": return scale(line)
        case "set": return set(line)
        case "run": return run(line)
        case "expose": return expose(line)
        case "wait": return wait(line)
        case "edit": return edit(line)
        case "rollout": return rollout(line)
        case "config":
            if line.operands.first == "use-context", let name = line.operands.dropFirst().first {
                context = name
                return Prediction(lines: ["Switched to context \"\(name)\"."])
            }
            if line.operands.first == "set-context", let name = line.namespace { namespace = name }
            return .refused("kubectl config changes this machine's settings")
        case "exec", "logs", "describe", "port-forward", "cluster-info", "version", "top", "cp", "proxy", "attach",
            "api-resources", "explain", "kustomize", "debug", "drain", "cordon", "events":
            return .refused("kubectl \(line.verb) needs a running cluster")
        case "": return .refused("kubectl without a verb")
        default: return .refused("kubectl \(line.verb) is not known to play")
        }
    }

    func namespace(of line: KubectlLine) -> String { line.namespace ?? namespace }

    func clusterName(of line: KubectlLine) -> String {
        let name = line.context ?? context ?? ""
        return name.isEmpty ? ManifestFile.defaultCluster : name
    }

    /// `kind.group/name`, as kubectl calls an object.
    static func name(of resource: Resource) -> String { "\(type(of: resource))/\(resource.meta.name)" }

    static func type(of resource: Resource) -> String {
        let kind = resource.kindName.lowercased()
        return resource.group.isEmpty ? kind : "\(kind).\(resource.group)"
    }

    // MARK: Looking objects up

    /// The objects that a line's operands mean: `svc web`, `svc/web`, `deploy,svc -l app=web`, `all`.
    func targets(_ operands: [String], _ line: KubectlLine) -> (found: [Resource], missing: [String], kinds: [String]) {
        guard let first = operands.first else { return ([], [], []) }
        var found: [Resource] = []
        var missing: [String] = []
        if first.contains("/") {
            for operand in operands {
                let pieces = operand.split(separator: "/", maxSplits: 1).map(String.init)
                guard pieces.count == 2 else { continue }
                let objects = resources(named: pieces[1], kind: pieces[0], line)
                if objects.isEmpty { missing.append(operand) }
                found += objects
            }
            let kinds = operands.map { String($0.prefix { $0 != "/" }) }
            return (found, missing, kinds)
        }
        let kinds = first.split(separator: ",").map(String.init)
        let names = operands.dropFirst()
        for kind in kinds {
            if names.isEmpty {
                found += resources(named: nil, kind: kind, line)
                continue
            }
            for name in names {
                let objects = resources(named: name, kind: kind, line)
                if objects.isEmpty { missing.append("\(kind)/\(name)") }
                found += objects
            }
        }
        return (found, missing, kinds)
    }

    private func resources(named name: String?, kind: String, _ line: KubectlLine) -> [Resource] {
        let namespace = namespace(of: line)
        let clusterName = clusterName(of: line)
        return cluster.resources { resource in
            guard resource.meta.cluster == clusterName || clusterName == ManifestFile.defaultCluster else {
                return false
            }
            guard name == nil || resource.meta.name == name else { return false }
            guard line.allNamespaces || resource.meta.namespace.isEmpty || resource.meta.namespace == namespace else {
                return false
            }
            return Self.is(resource, kind: kind) && line.selects(resource.meta.labels)
        }
    }

    private static func `is`(_ resource: Resource, kind: String) -> Bool {
        let word = kind.lowercased()
        if word == "all" {
            return ["Service", "Deployment", "Pod", "ReplicaSet", "StatefulSet", "DaemonSet"].contains(
                resource.kindName)
        }
        let known = ResourceKind.kinds(named: word)
        if !known.isEmpty { return known.contains { $0.isKind(of: resource) } }
        let own = resource.kindName.lowercased()
        let bare = String(word.prefix { $0 != "." })
        return own == bare || own + "s" == bare || (bare == "sa" && own == "serviceaccount")
    }

    /// kubectl's answer for what is not there.
    func notFound(_ names: [String]) -> Prediction {
        var prediction = Prediction(
            lines: names.map { name in
                let pieces = name.split(separator: "/", maxSplits: 1).map(String.init)
                let kind = ResourceKind.kinds(named: pieces.first ?? "").first
                let group = kind?.groups.first?.group ?? ""
                let plural = kind?.plural ?? (pieces.first ?? "")
                let type = group.isEmpty ? plural : "\(plural).\(group)"
                return "Error from server (NotFound): \(type) \"\(pieces.last ?? "")\" not found"
            })
        prediction.isFailure = true
        return prediction
    }

    /// What to say of a word that two APIs have.
    func ambiguity(of kinds: [String]) -> [Diagnostic] {
        kinds.compactMap { word in
            let known = ResourceKind.kinds(named: word)
            guard known.count > 1 else { return nil }
            let names = known.compactMap { kind in kind.groups.first.map { "\(kind.plural).\($0.group)" } }
            return Diagnostic(
                .info, "\"\(word)\" is a kind of two APIs: kubectl takes one of them, here both are looked at",
                at: location, hint: "write " + names.joined(separator: " or "))
        }
    }
}
