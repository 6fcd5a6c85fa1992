import Documents
import MeshModel

/// Every service of the mesh, with who may see it (istiod: `initServiceRegistry`).
final class ServiceRegistry: Sendable {
    /// Oldest first; aliases included.
    let services: [Service]
    /// The service that counts for a host in a namespace.
    private let byKey: [Service.Key: Service]
    private let byHostname: [String: [Service]]
    private let kubernetesByNamespace: [String: [Service]]
    private let publicServices: [Service]
    private let exportedTo: [String: [Service]]
    private let privateTo: [String: [Service]]
    private let visibility: [ObjectIdentifier: Visibility]

    /// What it was made of.
    private let given: [Service]

    private enum Visibility: Sendable {
        case everyone
        case nobody
        case namespaces(Set<String>)
    }

    init(_ all: [Service], meshConfig: MeshConfig) {
        given = all
        let services = Self.joiningAliases(Self.byAge(all))
        let defaults = Set(meshConfig.defaultServiceExportTo)
        var byKey: [Service.Key: Service] = [:]
        var byHostname: [String: [Service]] = [:]
        var publicServices: [Service] = []
        var exportedTo: [String: [Service]] = [:]
        var privateTo: [String: [Service]] = [:]
        var visibility: [ObjectIdentifier: Visibility] = [:]
        for service in services {
            if let known = byKey[service.key] {
                if !known.isKubernetes, service.isKubernetes { byKey[service.key] = service }
            } else {
                byKey[service.key] = service
            }
            byHostname[service.hostname, default: []].append(service)
            let exportTo = service.exportTo.resolved(namespace: service.namespace, default: defaults)
            if exportTo.contains("*") {
                publicServices.append(service)
                visibility[ObjectIdentifier(service)] = .everyone
            } else if exportTo.contains("~") {
                visibility[ObjectIdentifier(service)] = .nobody
            } else {
                for namespace in exportTo {
                    if namespace == service.namespace {
                        privateTo[namespace, default: []].append(service)
                    } else {
                        exportedTo[namespace, default: []].append(service)
                    }
                }
                visibility[ObjectIdentifier(service)] = .namespaces(exportTo)
            }
        }
        kubernetesByNamespace = Dictionary(grouping: services.filter(\.isKubernetes), by: \.namespace)
        self.services = services
        self.byKey = byKey
        self.byHostname = byHostname
        self.publicServices = publicServices
        self.exportedTo = exportedTo
        self.privateTo = privateTo
        self.visibility = visibility
    }

    func service(_ hostname: String, namespace: String) -> Service? {
        byKey[Service.Key(hostname: hostname, namespace: namespace)]
    }

    /// Whether it was made of these very services.
    func isMade(of services: [Service]) -> Bool { given.isSame(as: services) }

    /// Oldest first.
    func kubernetesServices(in namespace: String) -> [Service] { kubernetesByNamespace[namespace] ?? [] }

    /// All services of a host, oldest first.
    func services(_ hostname: String) -> [Service] { byHostname[hostname] ?? [] }

    /// What a namespace sees: what is exported to it by name first (istiod: `servicesExportedToNamespace`).
    func visible(to namespace: String) -> [Service] {
        (privateTo[namespace] ?? []) + (exportedTo[namespace] ?? []) + publicServices
    }

    func isVisible(_ service: Service, from namespace: String) -> Bool {
        switch visibility[ObjectIdentifier(service)] {
        case .everyone: true
        case .namespaces(let some): some.contains(namespace)
        case .nobody, nil: false
        }
    }

    private static func byAge(_ services: [Service]) -> [Service] {
        let isInOrder = zip(services, services.dropFirst()).allSatisfy { !Service.isOlder($1, $0) }
        return isInOrder ? services : services.stableSorted(by: Service.isOlder)
    }

    /// Follows ExternalNames to the services they mean, and tells those their other names (istiod: `resolveServiceAliases`).
    private static func joiningAliases(_ services: [Service]) -> [Service] {
        let aliases = services.filter(\.isAlias)
        if aliases.isEmpty { return services }
        var targets: [String: String] = [:]
        for alias in aliases { targets[alias.hostname] = alias.externalName }
        var namesByTarget: [String: [Service.Alias]] = [:]
        var finalTargets: [String: String] = [:]
        for alias in aliases {
            var seen: Set<String> = [alias.hostname]
            var target = alias.externalName
            var isLoop = false
            while let next = targets[target] {
                guard seen.insert(target).inserted else {
                    isLoop = true
                    break
                }
                target = next
            }
            if isLoop { continue }
            finalTargets[alias.hostname] = target
            namesByTarget[target, default: []].append(
                Service.Alias(hostname: alias.hostname, namespace: alias.namespace))
        }
        return services.compactMap { service in
            if service.isAlias {
                guard let target = finalTargets[service.hostname] else { return nil }
                return target == service.externalName ? service : service.changed { $0.externalName = target }
            }
            guard let names = namesByTarget[service.hostname] else { return service }
            return service.changed {
                $0.aliases = names.sorted {
                    ($0.namespace, $0.hostname) < ($1.namespace, $1.hostname)
                }
            }
        }
    }
}
