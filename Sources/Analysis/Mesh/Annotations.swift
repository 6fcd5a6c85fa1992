import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `annotations.K8sAnalyzer`: annotations are Istio's, stand where they work, and have values that count.
    static let annotations = Analyzer(
        name: "annotations.K8sAnalyzer", codes: ["IST0107", "IST0108", "IST0125", "IST0135"]
    ) { context in
        let analyzer = "annotations.K8sAnalyzer"
        var findings: [Finding] = []
        for resource in annotatedKinds.flatMap({ context.resources($0.0, group: $0.1) }) {
            for entry in resource.node.at("metadata", "annotations").map({ Array($0.entries) }) ?? [] {
                let key = entry.key
                guard isIstio(key) else { continue }
                func report(_ severity: Diagnostic.Severity, _ code: String, _ message: String) {
                    findings.append(
                        Finding(severity, code, about: resource, analyzer: analyzer, at: entry.keyLocation, message))
                }
                guard let known = knownAnnotations[key] else {
                    report(.warning, "IST0108", "Unknown annotation: \(key)")
                    continue
                }
                if known.isDeprecated { report(.info, "IST0135", "Annotation \"\(key)\" has been deprecated.") }
                if let kinds = known.kinds, !kinds.contains(resource.kindName) {
                    report(
                        .warning, "IST0107",
                        "Misplaced annotation: \(key) can only be applied to \(kinds.joined(separator: ", "))")
                } else if known.isNumber, UInt64(entry.value.text) == nil {
                    report(
                        .warning, "IST0125", "Invalid annotation \(key): \"\(entry.value.text)\" is not a whole number")
                }
            }
        }
        return findings
    }

    /// istioctl's `annotations.AlphaAnalyzer`: annotations whose meaning may still change. Nearly all of them are; istioctl does not run it by
    /// itself either.
    static let alphaAnnotations = Analyzer(
        name: "annotations.AlphaAnalyzer", codes: ["IST0136"], isOptional: true
    ) { context in
        annotatedKinds.flatMap { context.resources($0.0, group: $0.1) }.flatMap { resource -> [Finding] in
            let containers = resource.node.at("spec", "initContainers")?.list ?? []
            let hasPlugin = containers.contains { $0.at("name")?.text == "istio-validation" }
            return (resource.node.at("metadata", "annotations").map { Array($0.entries) } ?? []).compactMap { entry in
                guard isIstio(entry.key), knownAnnotations[entry.key]?.isAlpha == true,
                    !(hasPlugin && writtenByPlugin.contains(entry.key))
                else { return nil }
                return Finding(
                    .info, "IST0136", about: resource, analyzer: "annotations.AlphaAnalyzer", at: entry.keyLocation,
                    "Annotation \"\(entry.key)\" is part of an alpha-phase feature and may be incompletely supported.")
            }
        }
    }

    private static let annotatedKinds = [("Namespace", ""), ("Service", ""), ("Pod", ""), ("Deployment", "apps")]

    /// What istio-cni writes to Pods by itself.
    private static let writtenByPlugin: Set<String> = [
        "sidecar.istio.io/interceptionMode", "traffic.sidecar.istio.io/excludeInboundPorts",
        "traffic.sidecar.istio.io/includeInboundPorts", "traffic.sidecar.istio.io/includeOutboundIPRanges",
    ]

    private static func isIstio(_ key: String) -> Bool {
        if key == "kubernetes.io/ingress.class" { return true }
        let domain = key.prefix { $0 != "/" }
        guard domain.count < key.count, domain == "istio.io" || domain.hasSuffix(".istio.io") else { return false }
        // Written by Istio itself.
        return domain != "internal.istio.io" && domain != "ambient.istio.io" && domain != "operator.istio.io"
            && key != "istio.io/rev"
    }

    private struct Known {
        /// `nil` is any kind.
        var kinds: [String]?
        var isNumber = false
        var isDeprecated = false
        var isAlpha = true
    }

    private static let knownAnnotations: [String: Known] = {
        var table: [String: Known] = [:]
        func add(_ domain: String, _ names: String, _ known: Known) {
            for name in names.split(separator: " ") { table["\(domain)/\(name)"] = known }
        }
        let pod = Known(kinds: ["Pod"])
        let any = Known()
        add("sidecar.istio.io", "agentLogLevel bootstrapOverride componentLogLevel controlPlaneAuthPolicy", pod)
        add("sidecar.istio.io", "discoveryAddress enableCoreDump extraStatTags interceptionMode logLevel", pod)
        add("sidecar.istio.io", "nativeSidecar proxyCPU proxyCPULimit proxyImage proxyImageType proxyMemory", pod)
        add("sidecar.istio.io", "proxyMemoryLimit rewriteAppHTTPProbers status userVolume userVolumeMount", pod)
        add("sidecar.istio.io", "statsCompression statsHistogramBuckets statsEvictionInterval", pod)
        add("sidecar.istio.io", "inject", Known(kinds: ["Pod"], isDeprecated: true, isAlpha: false))
        add(
            "sidecar.istio.io", "statsInclusionPrefixes statsInclusionRegexps statsInclusionSuffixes",
            Known(kinds: ["Pod"], isDeprecated: true))
        add("traffic.sidecar.istio.io", "excludeInboundPorts excludeInterfaces excludeOutboundIPRanges", pod)
        add("traffic.sidecar.istio.io", "excludeOutboundPorts includeInboundPorts includeOutboundIPRanges", pod)
        add("traffic.sidecar.istio.io", "includeOutboundPorts kubevirtInterfaces", pod)
        add("istio.io", "reroute-virtual-interfaces", pod)
        add(
            "readiness.status.sidecar.istio.io", "failureThreshold initialDelaySeconds periodSeconds",
            Known(kinds: ["Pod"], isNumber: true))
        add("readiness.status.sidecar.istio.io", "applicationPorts", pod)
        add("status.sidecar.istio.io", "port", Known(kinds: ["Pod"], isNumber: true))
        add("prometheus.istio.io", "merge-metrics", pod)
        add("proxy.istio.io", "overrides", pod)
        add("proxy.istio.io", "config", Known(kinds: ["Pod"], isAlpha: false))
        add("inject.istio.io", "templates", pod)
        add("security.istio.io", "autoMTLS tlsMode", any)
        add("networking.istio.io", "exportTo", Known(kinds: ["Service"]))
        add("networking.istio.io", "traffic-distribution", any)
        add("networking.istio.io", "service-type address-type", any)
        add("galley.istio.io", "analyze-suppress", any)
        add("topology.istio.io", "controlPlaneClusters", Known(kinds: ["Namespace"]))
        add("gateway.istio.io", "controller-version", Known(isAlpha: false))
        add("gateway.istio.io", "service-account name-override tls-terminate-mode", any)
        add("istio.io", "workloadController dry-run waypoint-for use-waypoint autoregistration-group", any)
        add("kubernetes.io", "ingress.class", Known(kinds: ["Ingress"], isAlpha: false))
        return table
    }()
}
