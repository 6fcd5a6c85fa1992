import Documents
import EnvoyModel
import MeshModel
import TrafficEngine
import Translation

/// The route objects that name the host, each with its one state: its rows are in the proxy's tables, or the first check that
/// failed. Those that are not used come first.
struct Attachments {
    private let context: RepairContext
    private let rows: RowsBySource
    private(set) var list: [Attachment] = []

    init(_ context: RepairContext) {
        self.context = context
        rows = RowsBySource(context)
        let namesHost = { (object: VirtualService) in
            object.hosts.contains { context.covers($0, namespace: object.namespace) }
        }
        let services = context.virtualServices.filter { !$0.hosts.isEmpty }
        let named = services.filter(namesHost)
        list += (named.isEmpty ? Array(services.prefix(3)) : named).map(attachment)
        let routes = context.routes.filter { route in
            route.hostnames.isEmpty || route.hostnames.contains { context.covers($0) }
        }
        list += routeAttachments(routes.isEmpty ? Array(context.routes.prefix(3)) : routes)
        list = list.enumerated().sorted { left, right in
            (left.element.rank, left.offset) < (right.element.rank, right.offset)
        }.map(\.element)
    }

    private func attachment(_ object: VirtualService) -> Attachment {
        let count = rows.count(object.sourceReference)
        let names = object.hosts.contains { context.covers($0, namespace: object.namespace) }
        if count.here > 0 {
            return Attachment(object: object.sourceReference, state: .attached(routes: count.here), others: [])
        }
        var checks = AttachmentChecks(object, context)
        var reason = checks.firstFailure()
        if reason == nil, !names {
            reason = ("it is for \(object.hosts.listed), not for \(context.host)", object.hostLocations.first)
        }
        if reason == nil, count.elsewhere > 0 {
            reason = (
                "its \(count.elsewhere) rows are in other tables of this proxy, not in those of this listener", nil
            )
        }
        let (text, place) = reason ?? ("none of its routes is left for this proxy", nil)
        return Attachment(
            object: object.sourceReference(at: place), state: .detached(text), others: checks.others)
    }

    // MARK: Gateway API

    private func routeAttachments(_ routes: [AnyRoute]) -> [Attachment] {
        guard !routes.isEmpty else { return [] }
        let conditions = RouteConditions(routes, in: context.snapshot)
        return routes.map { route in
            let count = rows.count(route.sourceReference())
            let failure = conditions.failure(of: route)
            if count.here > 0, failure == nil {
                return Attachment(object: route.sourceReference(), state: .attached(routes: count.here), others: [])
            }
            let names = route.hostnames.isEmpty || route.hostnames.contains { context.covers($0) }
            let text =
                failure
                ?? (!names
                    ? "it is for \(route.hostnames.listed), not for \(context.host)"
                    : count.elsewhere > 0
                        ? "its \(count.elsewhere) rows are in other tables of this proxy, not in those of this listener"
                        : "it is accepted, but by no listener that took this request")
            return Attachment(
                object: route.sourceReference(), state: .detached(text),
                others: context.kubernetesGateways.prefix(1).map(\.sourceReference))
        }
    }
}

extension Attachment {
    fileprivate var rank: Int {
        if case .detached = state { return 0 }
        return 1
    }
}

/// How many rows of the proxy's tables each object has made.
private struct RowsBySource {
    private struct Key: Hashable {
        let kind: String
        let namespace: String
        let name: String

        init(_ source: SourceReference) {
            kind = source.kind
            namespace = source.namespace
            name = source.name
        }
    }

    private var here: [Key: Int] = [:]
    private var elsewhere: [Key: Int] = [:]

    init(_ context: RepairContext) {
        let configuration = context.state.configuration(of: context.proxy).xds
        let table = context.hop?.routeConfiguration?.name
        for routes in configuration.routes {
            for host in routes.virtualHosts {
                for route in host.routes { count(route.sources, isHere: routes.name == table) }
            }
        }
        for listener in configuration.listeners {
            let isHere = listener.name == context.hop?.listener?.name
            for chain in listener.filterChains { count(chain.sources, isHere: isHere) }
        }
    }

    private mutating func count(_ sources: [SourceReference], isHere: Bool) {
        for (index, source) in sources.enumerated() {
            let key = Key(source)
            // The same object may stand behind a row with several of its places.
            if index > 0, sources[..<index].contains(where: { Key($0) == key }) { continue }
            if isHere { here[key, default: 0] += 1 } else { elsewhere[key, default: 0] += 1 }
        }
    }

    func count(_ source: SourceReference) -> (here: Int, elsewhere: Int) {
        (here[Key(source)] ?? 0, elsewhere[Key(source)] ?? 0)
    }
}
