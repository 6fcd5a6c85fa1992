import Documents
import MeshModel

extension VirtualService {
    /// With full names: hosts, destinations and gateways (istiod: `resolveVirtualServiceShortnames`).
    func withFullNames(domain: String) -> VirtualService {
        var result = self
        let namespace = namespace
        func expand(_ host: inout String) { host = HostName.expanded(host, namespace: namespace, domain: domain) }
        func gateways(_ names: inout [String]) {
            names = names.map { HostName.gatewayName($0, namespace: namespace) }
        }
        for index in result.hosts.indices { expand(&result.hosts[index]) }
        gateways(&result.gateways)
        for rule in result.http.indices {
            for match in result.http[rule].match.indices { gateways(&result.http[rule].match[match].gateways) }
            for route in result.http[rule].route.indices { expand(&result.http[rule].route[route].destination.host) }
            if var mirror = result.http[rule].mirror {
                expand(&mirror.host)
                result.http[rule].mirror = mirror
            }
            for mirror in result.http[rule].mirrors.indices {
                expand(&result.http[rule].mirrors[mirror].destination.host)
            }
        }
        for rule in result.tcp.indices {
            for match in result.tcp[rule].match.indices { gateways(&result.tcp[rule].match[match].gateways) }
            for route in result.tcp[rule].route.indices { expand(&result.tcp[rule].route[route].destination.host) }
        }
        for rule in result.tls.indices {
            for match in result.tls[rule].match.indices { gateways(&result.tls[rule].match[match].gateways) }
            for route in result.tls[rule].route.indices { expand(&result.tls[rule].route[route].destination.host) }
        }
        return result
    }
}

extension VirtualService {
    /// Whether routes of it are to be found in other VirtualServices.
    var delegates: Bool { semantics == .standard && http.contains { $0.delegate != nil } }
}

/// Puts the routes of delegates into the VirtualServices that name them (istiod: `mergeVirtualServicesIfNeeded`).
struct DelegateMerge {
    private let delegates: [NamespacedName: VirtualService]
    private let defaultExportTo: Set<String>
    private(set) var diagnostics: [Diagnostic] = []

    init(_ all: [PreparedVirtualService], defaultExportTo: Set<String>) {
        var delegates: [NamespacedName: VirtualService] = [:]
        for prepared in all where !prepared.hasHosts {
            delegates[prepared.name] = prepared.object
        }
        self.delegates = delegates
        self.defaultExportTo = defaultExportTo
    }

    /// The VirtualService with every `delegate` replaced by the delegate's routes.
    mutating func merged(_ root: VirtualService) -> VirtualService {
        guard root.delegates else { return root }
        var result = root
        result.http = []
        for route in root.http {
            guard let reference = route.delegate else {
                result.http.append(route)
                continue
            }
            let namespace = reference.namespace.isEmpty ? root.namespace : reference.namespace
            let key = NamespacedName(namespace: namespace, name: reference.name)
            guard let delegate = delegates[key] else {
                note("no VirtualService \"\(key)\" without hosts to delegate to", route, root)
                continue
            }
            let exportTo = ExportTo(values: Set(delegate.exportTo))
                .resolved(namespace: delegate.namespace, default: defaultExportTo)
            guard exportTo.contains("*") || exportTo.contains(root.namespace) else {
                note("VirtualService \"\(key)\" is not exported to namespace \"\(root.namespace)\"", route, root)
                continue
            }
            for child in delegate.http {
                guard let merged = Self.merge(root: route, delegate: child, from: delegate) else {
                    diagnostics.append(
                        Diagnostic(
                            .warning,
                            "the route conflicts with that of VirtualService \"\(root.namespacedName)\" which delegates"
                                + " to it, and is left out",
                            at: child.location ?? delegate.meta.location))
                    continue
                }
                result.http.append(merged)
            }
        }
        return result
    }

    private mutating func note(_ text: String, _ route: VirtualService.HTTPRoute, _ root: VirtualService) {
        let place = route.delegate?.location ?? route.location ?? root.meta.location
        diagnostics.append(Diagnostic(.warning, text + ", so this route does not exist", at: place))
    }

    private static func merge(
        root: VirtualService.HTTPRoute, delegate: VirtualService.HTTPRoute, from object: VirtualService
    ) -> VirtualService.HTTPRoute? {
        var result = delegate
        guard let match = mergedMatches(root: root.match, delegate: delegate.match) else { return nil }
        result.match = match
        result.name = joined(root.name, delegate.name)
        result.delegate = nil
        result.rewrite = delegate.rewrite ?? root.rewrite
        result.directResponse = delegate.directResponse ?? root.directResponse
        result.timeout = delegate.timeout ?? root.timeout
        result.retries = delegate.retries ?? root.retries
        result.fault = delegate.fault ?? root.fault
        result.mirror = delegate.mirror ?? root.mirror
        result.mirrorPercent = delegate.mirrorPercent ?? root.mirrorPercent
        result.mirrorPercentage = delegate.mirrorPercentage ?? root.mirrorPercentage
        result.corsPolicy = delegate.corsPolicy ?? root.corsPolicy
        if delegate.mirrors.isEmpty { result.mirrors = root.mirrors }
        result.headers = delegate.headers ?? root.headers
        if result.source == nil { result.source = object.sourceReference(at: delegate.location) }
        return result
    }

    private static func joined(_ root: String, _ delegate: String) -> String {
        if root.isEmpty { return delegate }
        return delegate.isEmpty ? root : root + "-" + delegate
    }

    /// `nil`: some match of the delegate can never hold together with one of the root.
    private static func mergedMatches(
        root: [VirtualService.HTTPMatch], delegate: [VirtualService.HTTPMatch]
    ) -> [VirtualService.HTTPMatch]? {
        if root.isEmpty { return delegate }
        if delegate.isEmpty { return root }
        var result: [VirtualService.HTTPMatch] = []
        for inner in delegate {
            let fitting = root.filter { !conflicts(root: $0, delegate: inner) }
            if fitting.isEmpty { return nil }
            result += fitting.map { merged(root: $0, delegate: inner) }
        }
        return result
    }

    private static func merged(
        root: VirtualService.HTTPMatch, delegate: VirtualService.HTTPMatch
    ) -> VirtualService.HTTPMatch {
        var result = delegate
        result.name = joined(root.name, delegate.name)
        result.uri = delegate.uri ?? root.uri
        result.scheme = delegate.scheme ?? root.scheme
        result.method = delegate.method ?? root.method
        result.authority = delegate.authority ?? root.authority
        if delegate.port == 0 { result.port = root.port }
        if delegate.sourceNamespace.isEmpty { result.sourceNamespace = root.sourceNamespace }
        if delegate.gateways.isEmpty { result.gateways = root.gateways }
        if delegate.statPrefix.isEmpty { result.statPrefix = root.statPrefix }
        result.headers.merge(root.headers) { own, _ in own }
        result.withoutHeaders.merge(root.withoutHeaders) { own, _ in own }
        result.queryParams.merge(root.queryParams) { own, _ in own }
        result.sourceLabels.merge(root.sourceLabels) { own, _ in own }
        result.ignoreUriCase = root.ignoreUriCase || delegate.ignoreUriCase
        return result
    }

    private static func conflicts(root: VirtualService.HTTPMatch, delegate: VirtualService.HTTPMatch) -> Bool {
        if root.ignoreUriCase != delegate.ignoreUriCase { return true }
        let pairs = [
            (root.uri, delegate.uri), (root.scheme, delegate.scheme), (root.method, delegate.method),
            (root.authority, delegate.authority),
        ]
        if pairs.contains(where: { conflicts($0.0, $0.1) }) { return true }
        for (own, other) in [
            (root.headers, delegate.headers), (root.withoutHeaders, delegate.withoutHeaders),
            (root.queryParams, delegate.queryParams),
        ] where own.contains(where: { conflicts($0.value, other[$0.key]) }) {
            return true
        }
        if root.port != 0, delegate.port != 0, root.port != delegate.port { return true }
        if !root.sourceNamespace.isEmpty, root.sourceNamespace != delegate.sourceNamespace { return true }
        if root.sourceLabels.contains(where: { label in
            delegate.sourceLabels[label.key].map { $0 != label.value } ?? false
        }) {
            return true
        }
        if !root.gateways.isEmpty, !delegate.gateways.isEmpty {
            return delegate.gateways.count > root.gateways.count
                || !delegate.gateways.allSatisfy(root.gateways.contains)
        }
        return false
    }

    private static func conflicts(_ root: StringMatch?, _ delegate: StringMatch?) -> Bool {
        guard let root, let delegate else { return false }
        switch (root, delegate) {
        case (.exact(let left), .exact(let right)): return left != right
        case (.prefix(let left), .exact(let right)), (.prefix(let left), .prefix(let right)):
            return !right.hasPrefix(left)
        default: return true
        }
    }
}
