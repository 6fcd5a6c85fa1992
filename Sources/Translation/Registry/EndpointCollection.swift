import Documents
import EnvoyModel
import MeshModel

/// Gathers the endpoints of all services, by service (istiod: the EDS index).
struct EndpointCollection {
    let workloads: WorkloadIndex
    let meshConfig: MeshConfig
    let features: Features
    let domain: String
    private(set) var endpoints: [Service.Key: [ServiceEndpoint]] = [:]

    init(workloads: WorkloadIndex, meshConfig: MeshConfig, features: Features, domain: String) {
        self.workloads = workloads
        self.meshConfig = meshConfig
        self.features = features
        self.domain = domain
    }

    // MARK: Kubernetes

    /// The endpoints of one slice; `nil` where it is of no service.
    func endpoints(of slice: EndpointSlice) -> SliceEndpoints? {
        guard let name = slice.serviceName, slice.addressType != .fqdn else { return nil }
        let key = Service.Key(
            hostname: Service.kubernetesHostname(name: name, namespace: slice.namespace, domain: domain),
            namespace: slice.namespace)
        var found: [ServiceEndpoint] = []
        for item in slice.endpoints {
            for address in item.addresses {
                guard var endpoint = endpoint(item, address: address, slice: slice) else { continue }
                for port in slice.ports {
                    guard let number = port.port else { continue }
                    endpoint.portName = port.name
                    endpoint.port = number
                    found.append(endpoint)
                }
            }
        }
        return SliceEndpoints(key: key, endpoints: found)
    }

    mutating func add(_ slices: [SliceEndpoints?]) {
        endpoints.reserveCapacity(slices.count)
        for slice in slices { if let slice { add(slice) } }
    }

    private mutating func add(_ slice: SliceEndpoints) {
        guard !slice.endpoints.isEmpty else { return }
        // The list of a service with one slice is that of the slice, not a copy.
        if let known = endpoints[slice.key] {
            endpoints[slice.key] = known + slice.endpoints
        } else {
            endpoints[slice.key] = slice.endpoints
        }
    }

    private func endpoint(
        _ item: EndpointSlice.Endpoint, address: String, slice: EndpointSlice
    ) -> ServiceEndpoint? {
        var pod: Pod?
        if let target = item.targetRef, target.kind == "Pod" || target.kind.isEmpty {
            let namespace = target.namespace.isEmpty ? slice.namespace : target.namespace
            pod = workloads.pod(
                NamespacedName(namespace: namespace, name: target.name), cluster: slice.meta.cluster)
            // istiod waits for a Pod that it has not seen yet.
            if pod == nil, target.kind == "Pod" { return nil }
        } else {
            pod = workloads.pod(ip: address, cluster: slice.meta.cluster)
        }
        var endpoint =
            pod.map { self.endpoint(of: $0, address: address) }
            ?? ServiceEndpoint(
                addresses: [address], portName: "", port: 0, source: slice.sourceReference(at: item.location))
        endpoint.namespace = slice.namespace
        endpoint.clusterID = slice.meta.cluster
        if pod == nil {
            endpoint.network = workloads.network(labels: [:], cluster: slice.meta.cluster, address: address)
        }
        endpoint.hostName = item.hostname ?? ""
        if let node = item.nodeName { endpoint.nodeName = node }
        if item.isReady ?? true {
            endpoint.health = .healthy
        } else {
            endpoint.health = item.isTerminating ?? true ? .terminating : .unhealthy
        }
        return endpoint
    }

    private func endpoint(of pod: Pod, address: String) -> ServiceEndpoint {
        var endpoint = ServiceEndpoint(addresses: [address], portName: "", port: 0, source: pod.sourceReference)
        endpoint.network = workloads.network(of: pod, address: address)
        endpoint.labels = workloads.labels(of: pod, network: endpoint.network)
        endpoint.namespace = pod.namespace
        endpoint.serviceAccount = pod.spiffeID(trustDomain: meshConfig.trustDomain)
        endpoint.isMTLSCapable = pod.meta.labels["security.istio.io/tlsMode"] == "istio"
        endpoint.locality = workloads.locality(of: pod)
        endpoint.clusterID = pod.meta.cluster
        endpoint.nodeName = pod.spec.nodeName ?? ""
        endpoint.workload = pod.workloadReference
        endpoint.workloadName = pod.workload?.name ?? pod.name
        return endpoint
    }

    /// Kubernetes Services also select WorkloadEntries.
    mutating func addWorkloadEntries(of services: [Service]) {
        guard workloads.hasEntries else { return }
        for service in services { addWorkloadEntries(of: service) }
    }

    private mutating func addWorkloadEntries(of service: Service) {
        guard features.selectWorkloadEntries, service.isKubernetes, !service.isHeadless, !service.isAlias,
            let selector = service.selector
        else { return }
        for entry in workloads.entries(in: service.namespace) {
            let labels = entry.allLabels
            guard selector.isContained(in: labels), IPAddress.isValid(entry.spec.address) else { continue }
            for port in service.ports where !port.isUDP {
                let number =
                    entry.spec.ports[port.name] ?? entry.spec.ports[port.targetPortName]
                    ?? (port.targetPort > 0 ? port.targetPort : port.number)
                var endpoint = self.endpoint(
                    entry.spec, labels: labels, of: entry, source: entry.sourceReference)
                endpoint.workload = WorkloadReference(
                    namespace: entry.namespace, deployment: "", pod: entry.name, clusterName: entry.meta.cluster)
                endpoint.workloadName = entry.name
                endpoint.clusterID = entry.meta.cluster
                endpoint.portName = port.name
                endpoint.port = number
                endpoints[service.key, default: []].append(endpoint)
            }
        }
    }

    // MARK: ServiceEntry

    mutating func add(_ entry: ServiceEntry) {
        let templates = self.templates(of: entry)
        for host in entry.hosts {
            let key = Service.Key(hostname: host, namespace: entry.namespace)
            for port in entry.ports {
                var found = templates.map { template in
                    var endpoint = template.endpoint
                    endpoint.portName = port.name
                    endpoint.port =
                        template.endpoint.isUnixSocket
                        ? 0
                        : template.ports[port.name].flatMap { $0 > 0 ? $0 : nil }
                            ?? (port.targetPort > 0 ? port.targetPort : port.number)
                    return endpoint
                }
                let isDNS = entry.resolution == .dns || entry.resolution == .dnsRoundRobin
                if isDNS, entry.workloadSelector == nil, entry.endpoints.isEmpty {
                    var endpoint = ServiceEndpoint(
                        addresses: [host], portName: port.name,
                        port: port.targetPort > 0 ? port.targetPort : port.number,
                        source: entry.sourceReference(at: port.location))
                    endpoint.labels = entry.meta.labels
                    endpoint.namespace = entry.namespace
                    found = [endpoint]
                }
                if entry.resolution == .dnsRoundRobin {
                    let isTaken = endpoints[key]?.contains { $0.portName == port.name } ?? false
                    found = isTaken ? [] : Array(found.prefix(1))
                }
                endpoints[key, default: []] += found
            }
        }
    }

    private func templates(of entry: ServiceEntry) -> [(endpoint: ServiceEndpoint, ports: [String: Int])] {
        guard let selector = entry.workloadSelector else {
            return entry.endpoints.map { spec in
                (
                    endpoint(
                        spec, labels: spec.labels, of: entry,
                        source: entry.sourceReference(at: spec.location)), spec.ports
                )
            }
        }
        let allowsNames = entry.resolution == .dns || entry.resolution == .dnsRoundRobin
        var result: [(endpoint: ServiceEndpoint, ports: [String: Int])] = []
        if features.serviceEntrySelectPods {
            for pod in workloads.pods(in: entry.namespace) where selector.isContained(in: pod.meta.labels) {
                guard let ip = pod.ips.first else { continue }
                var endpoint = endpoint(of: pod, address: ip)
                if pod.isReady == false { endpoint.health = .unhealthy }
                result.append((endpoint, [:]))
            }
        }
        for workload in workloads.entries(in: entry.namespace) {
            let labels = workload.allLabels
            guard selector.isContained(in: labels) else { continue }
            if !allowsNames, !IPAddress.isValid(workload.spec.address) { continue }
            var endpoint = endpoint(
                workload.spec, labels: labels, of: workload, source: workload.sourceReference)
            endpoint.workload = WorkloadReference(
                namespace: workload.namespace, deployment: "", pod: workload.name, clusterName: workload.meta.cluster)
            endpoint.workloadName = workload.name
            result.append((endpoint, workload.spec.ports))
        }
        return result
    }

    private func endpoint(
        _ spec: WorkloadEntrySpec, labels: [String: String], of object: some MeshObject, source: SourceReference
    ) -> ServiceEndpoint {
        let namespace = object.namespace
        var endpoint = ServiceEndpoint(addresses: [spec.address], portName: "", port: 0, source: source)
        endpoint.locality =
            spec.locality.isEmpty
            ? Locality(labels: labels) ?? Locality(nodeLabels: labels) : Locality(path: spec.locality)
        endpoint.network =
            spec.network.isEmpty
            ? workloads.network(labels: labels, cluster: object.meta.cluster, address: spec.address) : spec.network
        endpoint.labels = WorkloadIndex.augmented(
            labels, locality: endpoint.locality, cluster: "", hostname: nil, network: endpoint.network)
        endpoint.namespace = namespace
        endpoint.weight = UInt32(clamping: max(spec.weight, 1))
        if let mode = labels["security.istio.io/tlsMode"] {
            endpoint.isMTLSCapable = mode == "istio"
        } else {
            endpoint.isMTLSCapable = !spec.serviceAccount.isEmpty
        }
        if !spec.serviceAccount.isEmpty {
            endpoint.serviceAccount = "spiffe://\(meshConfig.trustDomain)/ns/\(namespace)/sa/\(spec.serviceAccount)"
        }
        return endpoint
    }

    mutating func add(_ endpoint: ServiceEndpoint, to key: Service.Key) {
        endpoints[key, default: []].append(endpoint)
    }
}

/// The endpoints of all services.
final class EndpointIndex: Sendable {
    private let byService: [Service.Key: [ServiceEndpoint]]

    init(_ byService: [Service.Key: [ServiceEndpoint]]) { self.byService = byService }

    subscript(key: Service.Key) -> [ServiceEndpoint]? { byService[key] }
}

/// What one EndpointSlice adds to a service.
final class SliceEndpoints: Sendable {
    let key: Service.Key
    let endpoints: [ServiceEndpoint]

    init(key: Service.Key, endpoints: [ServiceEndpoint]) {
        self.key = key
        self.endpoints = endpoints
    }
}

extension WorkloadEntry {
    /// The template's labels, over which the object's own win.
    var allLabels: [String: String] { spec.labels.merging(meta.labels) { _, own in own } }
}
