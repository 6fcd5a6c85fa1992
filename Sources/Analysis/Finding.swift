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

    /// A finding about something that is no object of a manifest (`MeshNetworks istio-system/meshnetworks`).
    init(
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
    let check: @Sendable (AnalysisContext) -> [Finding]

    /// Every analyzer; a new one is a file and a line here.
    package static let all: [Analyzer] =
        [
            .gatewayReferences, .destinationHosts, .destinationSubsets, .routeOrder, .meshHosts, .claimRoutes,
            .gatewayWorkloads, .gatewayConflicts, .gatewayCertificates, .gatewaySecrets,
            .subsetPods, .serverVerification,
            .portNames, .sharedDeployments, .applicationUser,
            .serviceEntryAddresses, .serviceEntryProtocols,
            .sidecarSelectors, .telemetrySelectors, .telemetryDefaults, .telemetryProviders,
            .authorizationPolicies, .kubernetesGatewaySelectors, .keyFetching, .envoyPatches,
            .namespaceInjection, .imageAuto, .proxyImages, .webhooks, .externalControlPlane,
            .annotations, .conditions, .meshNetworks, .deprecations, .removedVersions, .multiClusterServices,
            .failover,
        ] + KindValidation.all.map(\.analyzer)

    /// The codes that objects themselves silence (`galley.istio.io/analyze-suppress: IST0108,IST0109`, or `*`).
    private static func suppressedCodes(in snapshot: MeshSnapshot) -> [String: Set<String>] {
        var codes: [String: Set<String>] = [:]
        for resource in snapshot.resources {
            guard let text = resource.meta.annotations["galley.istio.io/analyze-suppress"] else { continue }
            let meta = resource.meta
            let name = meta.hasExplicitNamespace ? "\(meta.namespace)/\(meta.name)" : meta.name
            let words = text.split(separator: ",").map { $0.filter { $0 != " " } }
            codes["\(resource.kindName) \(name)", default: []].formUnion(words)
        }
        return codes
    }

    /// What all of them find, in the order of the manifests. `reading` is what was found out when the manifests were read: what of it has a
    /// code is a finding too. `now`, in seconds since 1970, is what certificates are held against.
    package static func findings(
        in snapshot: MeshSnapshot, reading: [Diagnostic] = [], now: Int64? = nil
    ) -> [Finding] {
        // Objects of different clusters have nothing to do with each other.
        if !snapshot.clusters.isEmpty {
            var known: Set<Finding> = []
            return snapshot.clusters.enumerated().flatMap { number, cluster in
                Self.findings(in: snapshot.seen(from: cluster.name), reading: number == 0 ? reading : [], now: now)
            }.filter { known.insert($0).inserted }
        }
        let context = AnalysisContext(snapshot, now: now)
        let suppressed = suppressedCodes(in: snapshot)
        var seen: Set<Finding> = []
        var findings: [Finding] = []
        let all = SchemaFindings.of(reading, in: snapshot) + all.lazy.flatMap { $0.check(context) }
        for finding in all where seen.insert(finding).inserted {
            let silenced = suppressed[finding.object] ?? []
            if silenced.contains("*") || silenced.contains(finding.diagnostic.code ?? "") { continue }
            findings.append(finding)
        }
        return findings.enumerated().sorted { left, right in
            guard let a = left.element.diagnostic.location, let b = right.element.diagnostic.location, a != b else {
                return left.offset < right.offset
            }
            return a < b
        }.map(\.element)
    }
}
