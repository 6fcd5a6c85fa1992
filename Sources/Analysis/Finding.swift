package import Documents
package import MeshModel

/// What an analyzer found about one object.
package struct Finding: Hashable, Sendable {
    /// Code, level, words and place.
    package let diagnostic: Diagnostic
    /// `Kind NAMESPACE/NAME`, or `Kind NAME` where the manifest gives no namespace.
    package let object: String
    /// istioctl's name of the analyzer; `nil` for checks of meshtop's own.
    package let analyzer: String?

    /// The object's namespace: a Namespace is in itself, what has none written is in `default`.
    package var namespace: String {
        let words = object.split(separator: " ", maxSplits: 1)
        guard let name = words.last, words.count == 2 else { return "default" }
        if words[0] == "Namespace" { return String(name) }
        guard let slash = name.firstIndex(of: "/") else { return "default" }
        return String(name[..<slash])
    }

    init(
        _ severity: Diagnostic.Severity, _ code: String, about object: some MeshObject, analyzer: String?,
        at location: SourceLocation? = nil, hint: String? = nil, _ message: String
    ) {
        diagnostic = Diagnostic(severity, message, at: location ?? object.meta.location, hint: hint, code: code)
        let kind = type(of: object).kindName
        self.object =
            object.meta.hasExplicitNamespace ? "\(kind) \(object.namespace)/\(object.name)" : "\(kind) \(object.name)"
        self.analyzer = analyzer
    }

    /// A finding about an object as the manifest has it, of any kind.
    init(
        _ severity: Diagnostic.Severity, _ code: String, about resource: Resource, analyzer: String?,
        at location: SourceLocation? = nil, hint: String? = nil, _ message: String
    ) {
        diagnostic = Diagnostic(severity, message, at: location ?? resource.meta.location, hint: hint, code: code)
        let meta = resource.meta
        object = "\(resource.kindName) " + (meta.hasExplicitNamespace ? "\(meta.namespace)/\(meta.name)" : meta.name)
        self.analyzer = analyzer
    }

    /// A finding about something that is no object of a manifest (`MeshNetworks istio-system/meshnetworks`), or that another target found.
    package init(
        _ severity: Diagnostic.Severity, _ code: String, object: String, analyzer: String?,
        at location: SourceLocation? = nil, hint: String? = nil, _ message: String
    ) {
        diagnostic = Diagnostic(severity, message, at: location, hint: hint, code: code)
        self.object = object
        self.analyzer = analyzer
    }
}

/// One check of the manifests.
package struct Analyzer: Sendable {
    /// istioctl's name (`istioctl analyze --list-analyzers`), `meshtop.…` for checks that istioctl does not have.
    package let name: String
    /// The codes that it can give.
    package let codes: [String]
    /// Whether its findings are left out unless one of its codes is asked for: true of so much that it says little.
    var isOptional = false
    let check: @Sendable (AnalysisContext) -> [Finding]

    /// Every analyzer; a new one is a file and a line here.
    package static let all: [Analyzer] =
        [
            .gatewayReferences, .destinationHosts, .destinationSubsets, .routeOrder, .meshHosts, .claimRoutes,
            .gatewayWorkloads, .gatewayConflicts, .gatewayCertificates, .gatewaySecrets,
            .subsetPods, .serverVerification,
            .portNames, .sharedDeployments, .applicationUser,
            .serviceEntryAddresses, .serviceEntryProtocols,
            .sidecarSelectors, .telemetrySelectors, .telemetryDefaults, .telemetryProviders, .lightstep,
            .authorizationPolicies, .kubernetesGatewaySelectors, .keyFetching, .envoyPatches,
            .namespaceInjection, .imageAuto, .proxyImages, .webhooks, .externalControlPlane,
            .annotations, .conditions, .meshNetworks, .deprecations, .removedVersions, .multiClusterServices,
            .failover, .gatewayAPIDefinitions, .alphaAnnotations,
            .ruleConflicts, .mutualTLS, .routeWeights, .targetPorts, .routeReferences, .backendPorts, .addressClaims,
            .clientAddresses, .hashKeys, .defaultPolicy,
        ] + KindValidation.all.map(\.analyzer)

    /// The codes that objects themselves silence (`galley.istio.io/analyze-suppress: IST0108,IST0109`, or `*`; Kiali's own annotation alike).
    private static func suppressedCodes(in snapshot: MeshSnapshot) -> [String: Set<String>] {
        var codes: [String: Set<String>] = [:]
        for resource in snapshot.resources {
            let meta = resource.meta
            let texts = ["galley.istio.io/analyze-suppress", "kiali.io/ignore-validations"]
                .compactMap { meta.annotations[$0] }
            guard !texts.isEmpty else { continue }
            let name = meta.hasExplicitNamespace ? "\(meta.namespace)/\(meta.name)" : meta.name
            let words: [String] = texts.joined(separator: ",").split(separator: ",").map { $0.filter { $0 != " " } }
            codes["\(resource.kindName) \(name)", default: []].formUnion(words)
        }
        return codes
    }

    /// What all of them find, in the order of the manifests. `reading` is what was found out when the manifests were read: what of it has a
    /// code is a finding too. `now`, in seconds since 1970, is what certificates are held against. `enabled`: codes that are left out unless
    /// they are asked for. `also`: what was found elsewhere, in its place among the others.
    package static func findings(
        in snapshot: MeshSnapshot, reading: [Diagnostic] = [], now: Int64? = nil, enabled: Set<String> = [],
        also others: [Finding] = []
    ) -> [Finding] {
        let suppressed = suppressedCodes(in: snapshot)
        let wanted = all.filter { !$0.isOptional || !enabled.isDisjoint(with: $0.codes) }
        // Objects of different clusters have nothing to do with each other.
        let parts = snapshot.clusters.isEmpty ? [snapshot] : snapshot.clusters.map { snapshot.seen(from: $0.name) }
        var found: [Finding] = []
        for (number, part) in parts.enumerated() {
            let context = AnalysisContext(part, now: now)
            if number == 0 { found += SchemaFindings.of(reading, in: part) }
            found += wanted.flatMap { $0.check(context) }
        }
        var seen: Set<Finding> = []
        let findings = (found + others).filter { finding in
            let silenced = suppressed[finding.object] ?? []
            return !silenced.contains("*") && !silenced.contains(finding.diagnostic.code ?? "")
                && seen.insert(finding).inserted
        }
        return findings.enumerated().sorted { left, right in
            guard let a = left.element.diagnostic.location, let b = right.element.diagnostic.location, a != b else {
                return left.offset < right.offset
            }
            return a < b
        }.map(\.element)
    }
}
