import Documents
import MeshModel

/// A webhook of a MutatingWebhookConfiguration that injects sidecars.
struct InjectionWebhook {
    let configuration: Resource
    let node: Node
    let namespaces: LabelSelector
    let objects: LabelSelector

    var name: String { node.at("name")?.text ?? "" }

    static func all(in context: AnalysisContext) -> [Self] {
        context.resources("MutatingWebhookConfiguration", group: "admissionregistration.k8s.io").flatMap { resource in
            (resource.node.at("webhooks")?.list ?? []).compactMap { node in
                guard node.at("name")?.text.hasSuffix("sidecar-injector.istio.io") == true else { return nil }
                return Self(
                    configuration: resource, node: node, namespaces: LabelSelector(node.at("namespaceSelector")),
                    objects: LabelSelector(node.at("objectSelector")))
            }
        }
    }

    /// Whether some Pod in some namespace is for both.
    func overlaps(_ other: Self) -> Bool {
        Self.canMeet(namespaces, other.namespaces) && Self.canMeet(objects, other.objects)
    }

    private static func canMeet(_ left: LabelSelector, _ right: LabelSelector) -> Bool {
        // Labels that satisfy both, if any do: what they ask for, and one value each of what they let choose.
        var labels = left.matchLabels.merging(right.matchLabels) { first, _ in first }
        for requirement in left.matchExpressions + right.matchExpressions where labels[requirement.key] == nil {
            switch requirement.operator {
            case .isIn: labels[requirement.key] = requirement.values.first
            case .exists: labels[requirement.key] = ""
            case .notIn, .doesNotExist: break
            }
        }
        return left.selects(labels) && right.selects(labels)
    }
}

extension LabelSelector {
    fileprivate init(_ node: Node?) {
        self.init(matchLabels: node?.at("matchLabels")?.stringMap ?? [:])
        for requirement in node?.at("matchExpressions")?.list ?? [] {
            guard let key = requirement.at("key")?.text,
                let word = requirement.at("operator")?.text, let operation = Requirement.Operator(rawValue: word)
            else { continue }
            let values = requirement.at("values")?.list.map(\.text) ?? []
            matchExpressions.append(Requirement(key: key, operator: operation, values: values))
        }
    }
}

extension Analyzer {
    /// istioctl's `webhook.Analyzer`: injection webhooks lead to a Service, and no Pod is for two of them.
    static let webhooks = Analyzer(name: "webhook.Analyzer", codes: ["IST0139"]) { context in
        let webhooks = InjectionWebhook.all(in: context)
        var findings: [Finding] = []
        func report(_ webhook: InjectionWebhook, at place: SourceLocation?, _ message: String) {
            findings.append(
                Finding(
                    .error, "IST0139", about: webhook.configuration, analyzer: "webhook.Analyzer", at: place, message))
        }
        for webhook in webhooks {
            if let service = webhook.node.at("clientConfig", "service") {
                let name = service.at("name")?.text ?? ""
                let namespace = service.at("namespace")?.text ?? ""
                if context.snapshot.service(name, namespace: namespace) == nil {
                    report(
                        webhook, at: service.location,
                        "Injector refers to a control plane service that does not"
                            + " exist: \(name).\(namespace).")
                }
            }
            for other in webhooks where other.configuration.meta.name != webhook.configuration.meta.name {
                guard webhook.overlaps(other) else { continue }
                report(
                    webhook, at: webhook.node.location,
                    "Webhook overlaps with others: \(other.configuration.meta.name)/\(other.name).")
            }
        }
        return findings
    }

    /// istioctl's `injection.ImageAutoAnalyzer`: what leaves its proxy image to injection is injected.
    static let imageAuto = Analyzer(name: "injection.ImageAutoAnalyzer", codes: ["IST0146", "IST0147"]) { context in
        let analyzer = "injection.ImageAutoAnalyzer"
        func isAuto(_ spec: PodSpec) -> Bool {
            spec.containers.contains { $0.name == "istio-proxy" && $0.image == "auto" }
        }
        var findings: [Finding] = []
        for pod in context.snapshot.pods where !pod.isStandIn && isAuto(pod.spec) {
            findings.append(
                Finding(
                    .error, "IST0147", about: pod, analyzer: analyzer,
                    "Pod \(pod.namespacedName) still has the image \"auto\": it was not injected, and cannot start."))
        }
        let webhooks = InjectionWebhook.all(in: context)
        for workload in context.snapshot.workloads where !workload.isStandIn && workload.kind == .deployment {
            // Files without the installation's webhook say nothing about injection.
            guard isAuto(workload.template), !webhooks.isEmpty else { continue }
            let labels = context.snapshot.namespace(workload.meta.namespace)?.meta.labels ?? [:]
            guard
                !webhooks.contains(where: {
                    $0.namespaces.selects(labels) && $0.objects.selects(workload.templateLabels)
                })
            else { continue }
            findings.append(
                Finding(
                    .warning, "IST0146", about: workload, analyzer: analyzer,
                    hint: "label the namespace or the Pods for injection",
                    "Deployment \(workload.name) has the image \"auto\", but no injection webhook takes its Pods."))
        }
        return findings
    }
}
