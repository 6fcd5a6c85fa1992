import Documents
import MeshModel

extension Analyzer {
    /// MT0101: destinations that resolve to nothing where neither Istio nor Kiali has a code for it: the port of a VirtualService's
    /// destination is no port of its Service; a delegate, or the Service of an Ingress, is not there, or not by that port.
    static let backendPorts = Analyzer(name: "meshtop.BackendPorts", codes: ["MT0101"]) { context in
        let routes = context.snapshot.virtualServices.lazy.filter { $0.semantics == .standard }.flatMap { object in
            object.destinations.compactMap { missingPort($0, of: object, context) }
                + missingDelegates(of: object, context)
        }
        let ingresses = context.snapshot.ingresses.lazy.flatMap { ingress in
            let backends = ingress.rules.flatMap { $0.paths ?? [] }.map { ($0.backend, $0.location) }
            let rest = ingress.defaultBackend.map { [($0, $0.location)] } ?? []
            return (backends + rest).compactMap { missingBackend($0, at: $1, of: ingress, context) }
        }
        return Array(routes) + Array(ingresses)
    }

    private static func missingPort(
        _ destination: VirtualService.Destination, of virtualService: VirtualService, _ context: AnalysisContext
    ) -> Finding? {
        let host = context.expanded(destination.host, in: virtualService.namespace)
        guard let port = destination.port else { return nil }
        let known: [Int]
        let hint: String
        if let service = context.service(host) {
            known = service.ports.map(\.port)
            hint = portHint(of: service, for: port)
        } else if let entry = context.serviceEntry(host) {
            // Several entries may give a host its ports.
            known = context.snapshot.serviceEntries.filter { $0.hosts.contains(host) }.flatMap {
                $0.ports.map(\.number)
            }
            hint = "ServiceEntry \(entry.namespacedName) has \(known.map(String.init).joined(separator: ", "))"
        } else {
            return nil
        }
        guard !known.isEmpty, !known.contains(port) else { return nil }
        return Finding(
            .error, "MT0101", about: virtualService, analyzer: nil, at: destination.location,
            hint: hint,
            "\(destination.host) has no port \(port): Envoy finds no cluster and answers 503 with the flag NC")
    }

    private static func missingDelegates(of virtualService: VirtualService, _ context: AnalysisContext) -> [Finding] {
        virtualService.http.compactMap { route in
            guard let delegate = route.delegate else { return nil }
            let namespace = delegate.namespace.isEmpty ? virtualService.namespace : delegate.namespace
            let name = NamespacedName(namespace: namespace, name: delegate.name)
            guard let found = context.virtualService(name) else {
                return Finding(
                    context.severity(ofMissingIn: namespace), "MT0101", about: virtualService, analyzer: nil,
                    at: route.location, hint: "istiod leaves the rule out: its requests get what the next rules say",
                    "delegate VirtualService \(name) is not there")
            }
            guard !found.hosts.isEmpty else { return nil }
            return Finding(
                .error, "MT0101", about: virtualService, analyzer: nil, at: route.location,
                hint: "take spec.hosts out of \(name)",
                "VirtualService \(name) has hosts of its own, so that it is no delegate: istiod leaves the rule out")
        }
    }

    private static func missingBackend(
        _ backend: Ingress.Backend, at place: SourceLocation?, of ingress: Ingress, _ context: AnalysisContext
    ) -> Finding? {
        guard !backend.hasResource, !backend.serviceName.isEmpty else { return nil }
        // An action of the AWS load balancer controller, not a Service.
        if backend.servicePort == .name("use-annotation") { return nil }
        let name = NamespacedName(namespace: ingress.namespace, name: backend.serviceName)
        guard let service = context.snapshot.service(name.name, namespace: name.namespace) else {
            let names = context.snapshot.services(inNamespace: name.namespace).map(\.name)
            let elsewhere = context.snapshot.services.first { $0.name == name.name }
            return Finding(
                context.severity(ofMissingIn: name.namespace), "MT0101", about: ingress, analyzer: nil,
                at: backend.location ?? place,
                hint: elsewhere.map {
                    "there is \($0.namespacedName), but an Ingress reaches Services of its own namespace only"
                } ?? nearestName(to: name.name, among: names).map { "the nearest name is \"\($0)\"" },
                "Service \(name) is not there")
        }
        let isThere =
            switch backend.servicePort {
            case .number(let number): service.ports.contains { $0.port == number }
            case .name(let name): service.ports.contains { $0.name == name || "\($0.port)" == name }
            case nil: true
            }
        guard !isThere else { return nil }
        let wanted = backend.servicePort?.number
        let text = backend.servicePort.map { port in
            switch port {
            case .number(let number): "\(number)"
            case .name(let name): "\"\(name)\""
            }
        }
        return Finding(
            .error, "MT0101", about: ingress, analyzer: nil, at: backend.location ?? place,
            hint: portHint(of: service, for: wanted ?? 0), "Service \(name) has no port \(text ?? "")")
    }
}
