import Documents
import EnvoyModel
import MeshModel

/// A VirtualService ready for translation: full names, delegates merged.
final class PreparedVirtualService: Sendable {
    let object: VirtualService
    /// `mesh` where it names none.
    let gateways: [String]
    /// Who sees it: namespaces, `*` or `~`.
    let exportTo: Set<String>
    let isPublic: Bool
    let name: NamespacedName
    /// Without hosts it is there for others to delegate to.
    let hasHosts: Bool
    /// Whether routes of it are to be found in other VirtualServices.
    let delegates: Bool
    /// What all of its routes say of it.
    let routeMetadata: Metadata

    init(_ object: VirtualService, defaultExportTo: Set<String>) {
        self.object = object
        name = object.namespacedName
        hasHosts = !object.hosts.isEmpty
        delegates = object.delegates
        routeMetadata = Metadata([
            "istio": ["config": .string(ConfigPath.path(of: object.meta, resource: "virtual-service"))]
        ])
        gateways = object.gateways.isEmpty ? ["mesh"] : object.gateways
        exportTo = ExportTo(values: Set(object.exportTo)).resolved(
            namespace: object.namespace, default: defaultExportTo)
        isPublic = exportTo.contains("*")
    }
}

/// VirtualServices by gateway and by who sees them (istiod: `virtualServiceIndex`).
struct VirtualServiceIndex: Sendable {
    fileprivate struct Lists: Sendable {
        var privateOnes: [String: [PreparedVirtualService]] = [:]
        var exported: [String: [PreparedVirtualService]] = [:]
        var publicOnes: [PreparedVirtualService] = []
    }

    private let byGateway: [String: Lists]
    /// By the object as written, and by the root with its delegates' routes.
    private let prepared: MemoizedMap<VirtualService, PreparedVirtualService>
    private let merged: MemoizedMap<VirtualService, PreparedVirtualService>
    let diagnostics: [Diagnostic]

    /// The objects are in Istio's order; `previous` was made with the same configuration.
    init(_ objects: [VirtualService], meshConfig: MeshConfig, domain: String, previous: VirtualServiceIndex?) {
        let defaults = Set(meshConfig.defaultVirtualServiceExportTo)
        var prepared = previous?.prepared ?? MemoizedMap()
        prepared.update(to: objects, key: \.namespacedName) {
            PreparedVirtualService($0.withFullNames(domain: domain), defaultExportTo: defaults)
        }
        self.prepared = prepared
        var delegation = DelegateMerge(prepared.outputs, defaultExportTo: defaults)
        var merged = previous?.merged ?? MemoizedMap()
        var roots: [VirtualService] = []
        for root in prepared.outputs where root.hasHosts && root.delegates {
            roots.append(delegation.merged(root.object))
        }
        merged.update(to: roots, key: \.namespacedName) { PreparedVirtualService($0, defaultExportTo: defaults) }
        self.merged = merged
        diagnostics = delegation.diagnostics
        if let previous, prepared.isUnchanged, merged.isUnchanged {
            byGateway = previous.byGateway
        } else {
            byGateway = Self.lists(prepared.outputs, merged: merged.outputs)
        }
    }

    private static func lists(
        _ all: [PreparedVirtualService], merged: [PreparedVirtualService]
    ) -> [String: Lists] {
        var merged = merged.makeIterator()
        var byGateway: [String: Lists] = [:]
        for unmerged in all where unmerged.hasHosts {
            let prepared = unmerged.delegates ? merged.next() ?? unmerged : unmerged
            let gateways = prepared.gateways.count == 1 ? prepared.gateways : Array(Set(prepared.gateways))
            for gateway in gateways { byGateway[gateway, default: Lists()].add(prepared) }
        }
        return byGateway
    }

    /// What a namespace sees at a gateway (istiod: `VirtualServicesForGateway`).
    func virtualServices(for namespace: String, gateway: String) -> [PreparedVirtualService] {
        let lists = self.lists(for: namespace, gateway: gateway)
        let (own, others) = Self.split(lists.publicOnes, namespace)
        return lists.privateOnes + lists.exported + own + others
    }

    /// The three lists by themselves, for the selection of sidecars.
    func lists(for namespace: String, gateway: String) -> (
        privateOnes: [PreparedVirtualService], exported: [PreparedVirtualService], publicOnes: [PreparedVirtualService]
    ) {
        guard let lists = byGateway[gateway] else { return ([], [], []) }
        return (lists.privateOnes[namespace] ?? [], lists.exported[namespace] ?? [], lists.publicOnes)
    }

    /// Those of Gateway API routes of the namespace come first: a consumer's own routes override the producer's.
    static func split(
        _ list: [PreparedVirtualService], _ namespace: String
    ) -> (own: [PreparedVirtualService], others: [PreparedVirtualService]) {
        var own: [PreparedVirtualService] = []
        var others: [PreparedVirtualService] = []
        for item in list {
            if item.object.semantics == .gateway, item.name.namespace == namespace {
                own.append(item)
            } else {
                others.append(item)
            }
        }
        return (own, others)
    }
}

extension VirtualServiceIndex.Lists {
    fileprivate mutating func add(_ prepared: PreparedVirtualService) {
        if prepared.isPublic {
            publicOnes.append(prepared)
        } else if !prepared.exportTo.contains("~") {
            for value in prepared.exportTo {
                if value == prepared.name.namespace {
                    privateOnes[value, default: []].append(prepared)
                } else {
                    exported[value, default: []].append(prepared)
                }
            }
        }
    }
}
