package import Documents
import MeshModel
import TrafficEngine

/// Something that is wrong with the way through a third-party load balancer, whoever's request it is.
package struct PathFault: Hashable, Sendable {
    /// What the ladder says at the hop, with its code and place.
    package var fact: PathFact
    package var code: String
    /// The object at fault: where the fact names none, the rule that leads there.
    package var source: SourceReference
    /// `host/path` of the rule whose requests meet it.
    package var rule: String
    /// Who takes the request from the client.
    package var front: String
    /// Where it goes wrong.
    package var hop: String
    /// What the load balancer needs to dial a Service of the mesh by its name, where that is what is wrong.
    package var advice: String?
}

extension PathTracer {
    /// What is wrong with the ways of all rules of all third-party load balancers: the ladder's findings for a request of each rule, each once.
    /// They come with their code; a code of `except` is left to who knows better.
    package func survey(except: Set<String> = []) -> [PathFault] {
        var faults: [PathFault] = []
        var known: Set<[String]> = []
        for front in fronts.fronts {
            let pod = mesh.pods.first { inSameCluster($0, front) && isController($0, of: front) }
            // A controller that is not in the manifests may have a sidecar or none.
            guard front.kind == .cloudLoadBalancer || pod != nil else { continue }
            for witness in front.witnesses {
                for entrance in front.entrances {
                    for fault in faultsOf(witness, at: entrance, front, pod) where !except.contains(fault.code) {
                        let place = fault.source.location.map { "\($0.file):\($0.line)" } ?? ""
                        let key = [fault.code, fault.source.kind, fault.source.namespace, fault.source.name, place]
                        if known.insert(key).inserted { faults.append(fault) }
                    }
                }
            }
        }
        return faults
    }

    private func inSameCluster(_ pod: Pod, _ front: any IngressFront) -> Bool { pod.meta.cluster == front.cluster }

    private func isController(_ pod: Pod, of front: any IngressFront) -> Bool {
        guard let found = fronts.front(in: pod) else { return false }
        return found.name == front.name && found.cluster == front.cluster
    }

    private func faultsOf(
        _ witness: FrontWitness, at entrance: FrontEntrance, _ front: any IngressFront, _ pod: Pod?
    ) -> [PathFault] {
        var request = SyntheticRequest()
        request.authority = witness.host
        request.path = witness.path
        request.transport = entrance.isTLS ? .tls : .plaintext
        request.serverName = entrance.isTLS ? witness.host : ""
        request.sourceIP = DestinationResolver.outsideAddress
        let walk = PathWalk(self, nil)
        // A controller in the cluster is asked by a client that its own sidecar, if it takes what comes in, hides.
        var client = PathHop(.client, request.sourceIP)
        client.arrives = request
        walk.path.append(client)
        let ending = walk.pass(request, front, port: entrance.port, address: pod?.ips.first ?? witness.host, pod: pod)
        let path = walk.finish(ending, client: request)
        let rule = walk.rule ?? witness.source
        let facts =
            path.hops.flatMap { hop in hop.facts.map { ($0, hop.name) } }
            + path.health.flatMap { report in report.facts.map { ($0, "the health check") } }
        return facts.compactMap { fact, hop in
            fact.code.map { code in
                let isRouting = code == "MT0330" || code == "MT0331"
                return PathFault(
                    fact: fact, code: code, source: isRouting ? rule : fact.source ?? rule, rule: witness.words,
                    front: front.name, hop: hop, advice: isRouting ? front.serviceAdvice : nil)
            }
        }
    }
}
