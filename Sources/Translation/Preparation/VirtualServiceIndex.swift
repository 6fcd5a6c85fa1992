import Documents
import MeshModel

/// A VirtualService ready for translation: full names, delegates merged.
final class PreparedVirtualService: Sendable {
    let object: VirtualService
    /// `mesh` where it names none.
    let gateways: [String]

    init(_ object: VirtualService) {
        self.object = object
        gateways = object.gateways.isEmpty ? ["mesh"] : object.gateways
    }
}

/// VirtualServices by gateway and by who sees them (istiod: `virtualServiceIndex`).
struct VirtualServiceIndex: Sendable {
    private struct Lists: Sendable {
        var privateOnes: [String: [PreparedVirtualService]] = [:]
        var exported: [String: [PreparedVirtualService]] = [:]
        var publicOnes: [PreparedVirtualService] = []
    }

    private let byGateway: [String: Lists]
    let diagnostics: [Diagnostic]

    init(_ objects: [VirtualService], meshConfig: MeshConfig, domain: String) {
        let full = objects.map { $0.withFullNames(domain: domain) }.stableSorted {
            ObjectMeta.isOlder($0.meta, $1.meta)
        }
        let defaults = Set(meshConfig.defaultVirtualServiceExportTo)
        var delegation = DelegateMerge(full, defaultExportTo: defaults)
        var byGateway: [String: Lists] = [:]
        for object in full where !object.hosts.isEmpty {
            let prepared = PreparedVirtualService(delegation.merged(object))
            let namespace = object.namespace
            let exportTo = ExportTo(values: Set(object.exportTo)).resolved(namespace: namespace, default: defaults)
            for gateway in Set(prepared.gateways) {
                var lists = byGateway.removeValue(forKey: gateway) ?? Lists()
                if exportTo.contains("*") {
                    lists.publicOnes.append(prepared)
                } else if !exportTo.contains("~") {
                    for value in exportTo {
                        if value == namespace {
                            lists.privateOnes[value, default: []].append(prepared)
                        } else {
                            lists.exported[value, default: []].append(prepared)
                        }
                    }
                }
                byGateway[gateway] = lists
            }
        }
        self.byGateway = byGateway
        diagnostics = delegation.diagnostics
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
            if item.object.semantics == .gateway, item.object.namespace == namespace {
                own.append(item)
            } else {
                others.append(item)
            }
        }
        return (own, others)
    }
}
