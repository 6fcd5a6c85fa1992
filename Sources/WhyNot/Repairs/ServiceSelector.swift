import Documents
import MeshModel

extension Repair {
    /// A Service whose selector finds no Pod, or whose target port no Pod has.
    static let serviceSelector = Repair("selector of a Service") { context in
        var proposals: [Proposal?] = []
        for service in context.services {
            guard let selector = service.selector, !selector.isEmpty else { continue }
            let pods = context.snapshot.pods(inNamespace: service.namespace)
            let selected = context.snapshot.pods(inNamespace: service.namespace, selectedBy: selector)
            // Pods that stand for those of a workload have its labels.
            let isServed = selected.contains { $0.workload != nil }
            if !isServed, selected.isEmpty || selected.allSatisfy(\.isStandIn) {
                for (key, value) in selector.sorted(by: { $0.key < $1.key }) {
                    let values = Set(pods.compactMap { $0.meta.labels[key] })
                    let reason =
                        "the selector of Service \(service.namespacedName) wants \(key)=\(value), which no Pod has "
                        + "(\(values.isEmpty ? "none has a label \(key)" : values.sorted().listed))"
                    let place: [PathStep] = ["spec", "selector", .key(key)]
                    for new in Near.names(value, among: values, limit: 5) {
                        proposals.append(
                            context.change(
                                service, .set(place, .string(new)), reason,
                                penalty: new == service.name || Near.distance(value, new) != nil ? 0 : 4))
                    }
                    if selector.count > 1 { proposals.append(context.change(service, .remove(place), reason)) }
                    let keys = Set(
                        pods.filter { $0.meta.labels.values.contains(value) }.flatMap { $0.meta.labels.keys })
                    for name in Near.names(key, among: keys, limit: 2) where selector.count == 1 {
                        proposals.append(
                            context.change(service, .set(["spec", "selector"], [name: .string(value)]), reason))
                    }
                }
            }
            for (index, port) in service.ports.enumerated() {
                guard case .name(let name)? = port.targetPort else { continue }
                let known = selected.flatMap { $0.spec.servingContainers.flatMap(\.ports) }
                if known.isEmpty || known.contains(where: { $0.name == name }) { continue }
                let reason =
                    "target port \(name) of Service \(service.namespacedName) is no port of its Pods "
                    + "(\(Set(known.map(\.name)).sorted().listed))"
                let place: [PathStep] = ["spec", "ports", .index(index), "targetPort"]
                for new in Near.names(name, among: known.map(\.name).filter { !$0.isEmpty }) {
                    proposals.append(context.change(service, .set(place, .string(new)), reason))
                }
                for number in Set(known.map(\.containerPort)).sorted().prefix(3) {
                    proposals.append(context.change(service, .set(place, .int(Int64(number))), reason))
                }
            }
        }
        return proposals.compactMap { $0 }
    }
}
