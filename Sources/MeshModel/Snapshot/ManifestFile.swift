package import Documents

/// The objects of one file, read and typed: what a store keeps per file, so that only changed files are read again.
package struct ManifestFile: Sendable {
    /// The name of the only cluster.
    package static let defaultCluster = "Kubernetes"
    /// The file as the user named it.
    package let path: String
    /// The cluster that the file describes (`--cluster NAME=PATH`).
    package let cluster: String
    package let resources: [Resource]
    package let diagnostics: [Diagnostic]

    package init(path: String, cluster: String = defaultCluster, resources: [Resource], diagnostics: [Diagnostic]) {
        self.path = path
        self.cluster = cluster
        self.resources = resources
        self.diagnostics = diagnostics
    }

    /// Types the documents of one file; independent of all other files.
    ///
    /// An object with a value that Kubernetes or Istio would refuse is kept as a resource without a typed object: an
    /// error names the value, and it has no part in the mesh. `namespace` is that of objects which name none (`kubectl -n`).
    package static func read(
        path: String, cluster: String = defaultCluster, namespace: String? = nil, documents: [Document]
    ) -> ManifestFile {
        var reader = Reader(cluster: cluster, namespace: namespace)
        for object in documents.flatMap(ManifestObject.objects) { reader.read(object) }
        return ManifestFile(
            path: path, cluster: cluster, resources: reader.resources, diagnostics: reader.sink.diagnostics)
    }

    private struct Reader {
        let cluster: String
        let namespace: String?
        let sink = DiagnosticSink()
        var resources: [Resource] = []

        mutating func read(_ object: ManifestObject) {
            let node = object.node
            if node.isNull { return }
            guard node.isMapping else {
                sink.error(
                    "expected a Kubernetes object, found \(node.shortDescription)", at: node.location,
                    hint: "an object is a mapping with apiVersion, kind and metadata")
                return
            }
            guard let kind = text("kind", of: node, implied: object.impliedKind),
                let apiVersion = text("apiVersion", of: node, implied: object.impliedAPIVersion)
            else { return }
            add(node, kind: kind, apiVersion: apiVersion)
        }

        private func text(_ name: String, of node: Node, implied: String) -> String? {
            guard let value = node[name], !value.isNull else {
                if !implied.isEmpty { return implied }
                sink.error(
                    "an object needs \(name)", at: node.location,
                    hint: "a manifest begins with apiVersion and kind, such as \"apiVersion: v1\" and \"kind: Service\""
                )
                return nil
            }
            guard let text = value.strictString else {
                sink.wrongType(value, name, expected: "a string")
                return nil
            }
            return text
        }

        /// Whether an object of a kind that is not known has a namespace: its own, or the one that it is applied to.
        private func isNamespaced(_ node: Node, kind: String) -> Bool {
            if node[path: "metadata", "namespace"] != nil { return true }
            return namespace != nil && !kind.hasPrefix("Cluster") && !kind.hasSuffix("WebhookConfiguration")
                && !["CustomResourceDefinition", "PersistentVolume", "StorageClass", "PriorityClass"].contains(kind)
        }

        private mutating func add(_ node: Node, kind: String, apiVersion: String) {
            let known = ResourceKind.kind(apiVersion: apiVersion, kind: kind)
            let before = sink.diagnostics.count
            var meta = ObjectMeta(
                node, apiVersion: apiVersion,
                isNamespaced: known?.isNamespaced ?? isNamespaced(node, kind: kind),
                sink: sink)
            meta.cluster = cluster
            if let namespace, !meta.hasExplicitNamespace, !meta.namespace.isEmpty {
                meta.namespace = namespace
                meta.hasExplicitNamespace = true
            }
            var object = known?.read(node, meta, sink)
            // istioctl's code for an object that does not pass the validation of its kind.
            if known?.isIstio ?? false { sink.setCode("IST0106", from: before) }
            if sink.diagnostics[before...].contains(where: { $0.severity == .error }) {
                object = nil
                sink.warning(
                    "\(kind) \(quoted(meta.namespacedName.description)) is left out: "
                        + "Kubernetes would refuse it for the errors above",
                    at: meta.location)
            }
            resources.append(
                Resource(
                    apiVersion: apiVersion, kindName: kind, kind: known, meta: meta, node: node, object: object))
        }
    }
}
