extension SnapshotBuilder {
    /// Gives Services without a ClusterIP one, as a cluster would on applying the manifest.
    mutating func addStandInClusterIPs() {
        let lacking = snapshot.services.indices.filter { snapshot.services[$0].lacksClusterIP }
        guard !lacking.isEmpty else { return }
        var addresses = AddressPool(base: (10, 96), bits: 12, inUse: snapshot.services.lazy.map(\.clusterIP))
        for position in lacking {
            let service = snapshot.services[position]
            guard let ip = addresses.address(for: "service/\(service.namespacedName)")
            else { continue }
            snapshot.services[position].clusterIP = ip
            snapshot.services[position].isClusterIPStandIn = true
        }
    }

    /// Derives EndpointSlices for Services that select Pods and have none in the manifests.
    mutating func addStandInEndpoints() {
        var made: [EndpointSlice] = []
        for position in snapshot.services.indices {
            guard let selector = snapshot.services[position].selector,
                snapshot.services[position].type != .externalName,
                snapshot.index.slicesByService[snapshot.services[position].meta.namespacedName] == nil
            else { continue }
            let service = snapshot.services[position]
            let pods = snapshot.podPositions(inNamespace: service.namespace, selectedBy: selector)
            made += endpointSlices(of: service, pods: pods.map { snapshot.pods[$0] })
        }
        if let before = standInSlices, before.isFor(snapshot.endpointSlices, made) {
            snapshot.endpointSlices = before.all
            snapshot.index.slicesByService = before.index
            return
        }
        let written = snapshot.endpointSlices
        for slice in made {
            snapshot.endpointSlices.append(slice)
            snapshot.indexSlice(at: snapshot.endpointSlices.count - 1)
        }
        standInSlices = StandInSlices(
            written: written, made: made, all: snapshot.endpointSlices, index: snapshot.index.slicesByService)
    }

    /// One slice per set of target ports: a port's name may stand for another number in another Pod.
    private func endpointSlices(of service: Service, pods: [Pod]) -> [EndpointSlice] {
        var slices: [EndpointSlice] = []
        var positions: [[EndpointSlice.Port]: Int] = [:]
        for pod in pods where pod.meta.cluster == service.meta.cluster && !pod.isTerminated && !pod.ips.isEmpty {
            let ports = service.ports.compactMap { port -> EndpointSlice.Port? in
                guard let number = pod.targetPort(of: port) else { return nil }
                var result = EndpointSlice.Port()
                result.name = port.name
                result.protocol = port.protocol
                result.appProtocol = port.appProtocol
                result.port = number
                return result
            }
            guard !ports.isEmpty || service.ports.isEmpty else { continue }
            if positions[ports] == nil {
                positions[ports] = slices.count
                slices.append(slice(of: service, number: slices.count, ports: ports))
            }
            guard let position = positions[ports] else { continue }
            if pod.ips.first?.contains(":") == true { slices[position].addressType = .ipv6 }
            slices[position].endpoints.append(endpoint(of: pod, service: service))
        }
        return slices
    }

    private func slice(of service: Service, number: Int, ports: [EndpointSlice.Port]) -> EndpointSlice {
        let suffix = stableSuffix("slice/\(service.namespacedName)/\(number)", length: 5)
        var meta = ObjectMeta(
            name: "\(service.name)-\(suffix)", namespace: service.namespace, apiVersion: "discovery.k8s.io/v1",
            location: service.meta.location)
        meta.labels = ["kubernetes.io/service-name": service.name]
        meta.cluster = service.meta.cluster
        var slice = EndpointSlice(meta: meta)
        slice.ports = ports
        slice.isStandIn = true
        return slice
    }

    private func endpoint(of pod: Pod, service: Service) -> EndpointSlice.Endpoint {
        var endpoint = EndpointSlice.Endpoint()
        endpoint.addresses = [pod.ips[0]]
        // Without a status in the manifest the Pod is taken for one that runs well.
        endpoint.isReady = pod.isReady ?? (pod.phase == nil || pod.phase == .running)
        if service.publishNotReadyAddresses { endpoint.isReady = true }
        endpoint.isServing = endpoint.isReady
        endpoint.isTerminating = false
        endpoint.nodeName = pod.spec.nodeName
        endpoint.hostname = pod.spec.hostname
        var target = TargetReference()
        target.kind = "Pod"
        target.name = pod.name
        target.namespace = pod.namespace
        endpoint.targetRef = target
        endpoint.location = pod.meta.location
        return endpoint
    }
}

/// The slices of manifests with those that were made for Services without any.
struct StandInSlices: Sendable {
    let written: [EndpointSlice]
    let made: [EndpointSlice]
    let all: [EndpointSlice]
    let index: [NamespacedName: [Int]]

    func isFor(_ written: [EndpointSlice], _ made: [EndpointSlice]) -> Bool {
        written.isSameStorage(as: self.written) && made == self.made
    }
}

extension Service {
    fileprivate var lacksClusterIP: Bool { clusterIP.isEmpty && clusterIPs.isEmpty && type != .externalName }
}

extension Pod {
    /// The container port that a Service's port leads to; `nil` when no container has a port of that name.
    package func targetPort(of port: Service.Port) -> Int? {
        switch port.targetPort {
        case nil: port.port
        case .number(let number): number == 0 ? port.port : number
        case .name(let name): spec.port(named: name, protocol: port.protocol)
        }
    }
}
