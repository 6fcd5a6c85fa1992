import Documents
import MeshModel

/// A route that cannot be converted at all (18.4.11).
struct RouteProblem: Error {
    let message: String
    let location: SourceLocation?
}

/// Backends of routes become destinations (18.4.8 – 18.4.10).
struct BackendConversion {
    let context: ConversionContext
    let kind: RouteKind
    let namespace: String
    /// Whether the parents are services: then no ReferenceGrant is needed.
    let isMesh: Bool

    /// A backend as a destination; an empty one for a backend that is not permitted or not supported, which answers 500.
    func destination(_ backend: BackendReference) throws(RouteProblem) -> VirtualService.Destination {
        try destination(
            group: backend.group, kind: backend.kind, name: backend.name, namespace: backend.namespace,
            port: backend.port, at: backend.location)
    }

    func destination(
        group: String?, kind backendKind: String?, name: String, namespace target: String?, port: Int?,
        at location: SourceLocation?
    ) throws(RouteProblem) -> VirtualService.Destination {
        let group = group ?? ""
        let backendKind = backendKind ?? "Service"
        let target = target ?? namespace
        var result = VirtualService.Destination()
        result.location = location
        result.hostLocation = location
        switch (group, backendKind) {
        case ("", "Service"), ("multicluster.x-k8s.io", "ServiceImport"):
            if !isMesh, target != namespace {
                let reference = (group: group, kind: backendKind, namespace: target, name: name)
                guard context.isGranted(from: kind.rawValue, in: namespace, to: reference) else { return result }
            }
            guard let port else { throw RouteProblem(message: "a backend needs a port", location: location) }
            if name.contains(".") {
                throw RouteProblem(
                    message: "backend \"\(name)\" has a dot: the name of a Service is meant, not its host",
                    location: location)
            }
            let isImported =
                backendKind == "ServiceImport"
                && context.snapshot.options.isEnabled("ENABLE_MCS_HOST", default: false)
            result.host =
                isImported ? "\(name).\(target).svc.clusterset.local" : context.serviceHost(name, namespace: target)
            result.port = port
        case ("networking.istio.io", "Hostname"):
            if target != namespace {
                throw RouteProblem(message: "a Hostname backend cannot have a namespace", location: location)
            }
            guard let port else { throw RouteProblem(message: "a backend needs a port", location: location) }
            result.host = name
            result.port = port
        case ("inference.networking.k8s.io", "InferencePool"):
            guard let pool = context.inferencePool(name, namespace: target) else { return result }
            result.host = pool.host
            result.port = pool.port
        default:
            return result
        }
        return result
    }

    /// Backends with weight, those of weight 0 left out; `nil` when all of them are, or there are none.
    func destinations(
        _ backends: [BackendReference]
    ) throws(RouteProblem) -> [(destination: VirtualService.Destination, weight: Int, backend: BackendReference)]? {
        let weighted = backends.filter { ($0.weight ?? 1) != 0 }
        if weighted.isEmpty { return nil }
        var result: [(destination: VirtualService.Destination, weight: Int, backend: BackendReference)] = []
        for backend in weighted {
            // A single destination gets everything, so Istio gives it no weight.
            result.append((try destination(backend), weighted.count == 1 ? 0 : backend.weight ?? 1, backend))
        }
        return result
    }
}
