package import MeshModel
package import TrafficEngine

extension PathTracer {
    /// The same request from everywhere. `chosen` as in `trace`; `limit` bounds the namespaces that are asked from.
    package func callers(
        of request: SyntheticRequest, host: String, port: Int, chosen: ProxyNode?, application: Application? = nil,
        limit: Int = 24
    ) -> CallerMatrix {
        var matrix = CallerMatrix(rows: [], notes: [])
        let ways = entrances(request, host: host, port: port, chosen: chosen)
        for way in ways {
            matrix.rows.append(fromOutside(request, way, chosen: chosen, application))
        }
        var inside = [Entrance(words: "as the line has it", host: host, port: port)]
        let direct = directly(matrix.rows.first?.path, inside[0])
        if let direct { inside.append(direct) }
        let namespaces = callers(for: direct?.host)
        if namespaces.count > limit {
            matrix.notes.append(
                "\(namespaces.count - limit) of \(namespaces.count) namespaces were not asked: --from POD.NAMESPACE asks one"
            )
        }
        for caller in namespaces.prefix(limit) {
            for way in inside {
                matrix.rows.append(row(way == direct ? request.asked(way) : request, way, caller, application))
            }
        }
        return matrix
    }

    private func fromOutside(
        _ request: SyntheticRequest, _ way: Entrance, chosen: ProxyNode?, _ application: Application?
    ) -> CallerMatrix.Row {
        var row = CallerMatrix.Row(
            kind: .outside, caller: "outside", way: way.words, target: hostPort(way.host, way.port))
        var request = request
        if let transport = way.transport {
            request.transport = transport
            if transport == .plaintext { request.serverName = "" }
        }
        if let name = way.nodePortOf,
            let service = mesh.services.first(where: { $0.namespacedName == name && $0.port(node: way.port) != nil })
        {
            row.path = path(request, nodePort: way.port, of: service, application)
            return row
        }
        do throws(UnreachableDestination) {
            row.path =
                try trace(
                    request, host: way.host, port: way.port, caller: .outside, chosen: chosen, application: application
                ).0
        } catch {
            row.problem = error
        }
        return row
    }

    private func path(
        _ request: SyntheticRequest, nodePort: Int, of service: Service, _ application: Application?
    ) -> RequestPath {
        let walk = PathWalk(self, application)
        walk.begin(request, "a node", nodePort)
        let ending = walk.through(
            service, .nodePort, host: "a node", port: nodePort, request: request, fromOutside: true)
        return walk.finish(ending, client: request)
    }

    /// The Service that the request ends at, asked for by its own name: that of the cluster, or one in front of the Pod.
    private func directly(_ path: RequestPath?, _ way: Entrance) -> Entrance? {
        for name in (path?.trace.hops ?? []).compactMap(\.clusterReference) {
            let pieces = name.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            guard pieces.count == 4, pieces[0] == "outbound", let port = Int(pieces[1]),
                let service = book.service(named: pieces[3], from: nil), book.gateway(behind: service) == nil
            else { continue }
            return direct(service, port, way)
        }
        guard let hop = path?.hops.last(where: { $0.kind == .sidecar || $0.kind == .endpoint }),
            let arrival = hop.arrives, let pod = book.pod(at: arrival.address, seenFrom: hop.cluster)
        else { return nil }
        for service in mesh.services(inNamespace: pod.namespace) where service.meta.cluster == pod.meta.cluster {
            guard let selector = service.selector, !selector.isEmpty,
                selector.allSatisfy({ pod.meta.labels[$0.key] == $0.value }),
                let port = service.ports.first(where: { book.targetPort($0, in: pod) == Int(arrival.port) })
            else { continue }
            return direct(service, port.port, way)
        }
        return nil
    }

    private func direct(_ service: Service, _ port: Int, _ way: Entrance) -> Entrance? {
        let host = "\(service.name).\(service.namespace).svc.\(mesh.options.domain)"
        return host == way.host && port == way.port ? nil : Entrance(words: service.title, host: host, port: port)
    }

    // MARK: From inside

    private struct Caller {
        var kind: CallerMatrix.Row.Kind
        var name: String
        var caller: PathCaller
        var isAssumed = false
    }

    /// A Pod with and one without a sidecar of each namespace; `host` is the Service that is asked: its own Pods are the last choice.
    private func callers(for host: String?) -> [Caller] {
        let target = host.flatMap { book.service(named: $0, from: nil) }
        let own = Set(target.map { book.pods(of: $0).map(\.namespacedName) } ?? [])
        var mesh: [String: (isTarget: Bool, node: ProxyNode)] = [:]
        for proxy in self.mesh.proxies where proxy.type == .sidecar {
            // Controllers make requests of their own only.
            if let address = proxy.ipAddresses.first, let pod = book.pod(at: address, seenFrom: proxy.cluster),
                fronts.front(in: pod) != nil
            {
                continue
            }
            let isTarget = proxy.pod.map { own.contains($0) } ?? false
            if let known = mesh[proxy.namespace], isTarget || !known.isTarget { continue }
            mesh[proxy.namespace] = (isTarget, proxy)
        }
        var plain: [String: (isTarget: Bool, pod: Pod)] = [:]
        for pod in self.mesh.pods where !pod.isTerminated {
            let isTarget = own.contains(pod.namespacedName)
            if let known = plain[pod.namespace], isTarget || !known.isTarget { continue }
            guard book.proxy(of: pod) == nil, fronts.front(in: pod) == nil else { continue }
            plain[pod.namespace] = (isTarget, pod)
        }
        let home = target?.namespace ?? "default"
        var list = mesh.values.sorted { $0.node.namespace < $1.node.namespace }.map {
            Caller(kind: .meshPod, name: $0.node.id, caller: .pod($0.node))
        }
        if list.isEmpty { list.append(assumedMeshPod(home)) }
        let others = plain.values.sorted { $0.pod.namespace < $1.pod.namespace }.map {
            Caller(kind: .plainPod, name: "\($0.pod.name).\($0.pod.namespace)", caller: .plainPod($0.pod))
        }
        return list + (others.isEmpty ? [assumedPlainPod(home)] : others)
    }

    private func assumedMeshPod(_ namespace: String) -> Caller {
        var node = ProxyNode(name: "any", type: .sidecar, namespace: namespace)
        node.ipAddresses = [Self.assumedAddress]
        node.dnsDomain = "\(namespace).svc.\(mesh.options.domain)"
        node.cluster = mesh.services.first { $0.namespace == namespace }?.meta.cluster ?? node.cluster
        node.isStandIn = true
        return Caller(kind: .meshPod, name: node.id, caller: .pod(node), isAssumed: true)
    }

    private func assumedPlainPod(_ namespace: String) -> Caller {
        var pod = Pod(meta: ObjectMeta(name: "any", namespace: namespace))
        pod.ips = [Self.assumedAddress]
        pod.isStandIn = true
        pod.meta.cluster = mesh.services.first { $0.namespace == namespace }?.meta.cluster ?? pod.meta.cluster
        return Caller(kind: .plainPod, name: "any.\(namespace)", caller: .plainPod(pod), isAssumed: true)
    }

    /// The address of a Pod that stands for any.
    private static let assumedAddress = "10.244.255.254"

    private func row(
        _ request: SyntheticRequest, _ way: Entrance, _ caller: Caller, _ application: Application?
    ) -> CallerMatrix.Row {
        var row = CallerMatrix.Row(
            kind: caller.kind, caller: caller.name, isAssumed: caller.isAssumed, way: way.words,
            target: hostPort(way.host, way.port))
        do throws(UnreachableDestination) {
            row.path =
                try trace(
                    request, host: way.host, port: way.port, caller: caller.caller, chosen: nil,
                    application: application
                ).0
        } catch {
            row.problem = error
        }
        return row
    }
}

extension SyntheticRequest {
    /// The request to a Service by its own name, as a Pod writes it.
    fileprivate func asked(_ way: Entrance) -> SyntheticRequest {
        var request = self
        request.authority = way.port == 80 ? way.host : hostPort(way.host, way.port)
        request.transport = .plaintext
        request.serverName = ""
        return request
    }
}

extension Service {
    /// The port whose node port is `number`.
    func port(node number: Int) -> Port? { ports.first { $0.nodePort == number } }
}
