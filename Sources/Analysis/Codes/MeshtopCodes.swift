extension CodeExplanation {
    /// meshtop's own codes, for what neither istioctl nor Kiali looks at.
    static let meshtop: [CodeExplanation] = [
        CodeExplanation(
            "MT0101", "destination resolves to nothing",
            "The port of a destination is no port of its Service (503, flag NC), or the Service of an Ingress is not there.",
            "Name a port of the Service, not its target port; an Ingress reaches Services of its own namespace."),
        CodeExplanation(
            "MT0102", "nothing to fail over to", "Failover between localities, and all endpoints are in one.",
            "Run endpoints elsewhere too, or label nodes with topology.kubernetes.io/region and zone."),
        CodeExplanation(
            "MT0120", "failover without outlier detection",
            "MeshConfig asks for failover, and a host's rule has no outlierDetection: localities get no priorities.",
            "Add outlierDetection to the rule."),
        CodeExplanation(
            "MT0121", "nothing is ever ejected", "maxEjectionPercent of so few endpoints is less than one.",
            "Raise maxEjectionPercent."),
        CodeExplanation(
            "MT0130", "hash key absent or constant",
            "Requests do not have what they are hashed by, or all have the same: they are spread at random, or all go to one endpoint.",
            "Hash by something that tells clients apart where the hash is worked out."),
        CodeExplanation(
            "MT0140", "Ingress and Gateway claim the same address and port",
            "Two objects want to serve one host on one address: which one answers depends on their age.", "Keep one."),
        CodeExplanation(
            "MT0201", "removed API version", "No supported Kubernetes, Gateway API or Istio takes the object.",
            "Take the version that the message names."),
        CodeExplanation(
            "MT0210", "backend without a gateway listener",
            "A load balancer sends to a port that the gateway does not listen on: it answers 502 or 503 by itself.",
            "Add a server for the port to a Gateway of these Pods."),
        CodeExplanation(
            "MT0220", "health check of no port",
            "A load balancer's health check asks a port that is no node port, or target port, of the Service.",
            "Name the right one; for a gateway status-port, 15021, with the path /healthz/ready."),
        CodeExplanation(
            "MT0221", "health check on the wrong object",
            "A health check of one Service is described on the Ingress, for all Services of it.",
            "Put it on the Service."),
        CodeExplanation(
            "MT0222", "unknown annotation of a known family", "No controller reads the annotation.",
            "Correct its name; the message has the nearest."),
        CodeExplanation(
            "MT0310", "the client's address is hidden",
            "With externalTrafficPolicy: Cluster the gateway sees nodes' addresses instead of the clients'.",
            "Set it to Local (nodes without a Pod of the gateway then fail health checks), or have the address in x-forwarded-for."
        ),
        CodeExplanation(
            "MT0311", "plaintext inside the path",
            "TLS ends at a load balancer and what goes on is plaintext; where STRICT mTLS is asked for the connection is reset.",
            "Give the load balancer a sidecar, send on with TLS, or accept plaintext on that port."),
        CodeExplanation(
            "MT0330", "the ingress dials Pods",
            "An ingress with a sidecar dials Pods, not Services: its sidecar knows no rule for them and sends plaintext.",
            "Let it dial the Service (service-upstream, upstream-vhost)."),
        CodeExplanation(
            "MT0331", "the ingress keeps the public Host",
            "The ingress dials the Service with a Host that no Service has: its sidecar passes the request through as plaintext.",
            "Set the Host to the Service's name (upstream-vhost, host_rewrite)."),
        CodeExplanation(
            "MT0401", "the default policy depends on the version",
            "Where no load balancing policy is set, Istio took ROUND_ROBIN before 1.14 and LEAST_REQUEST since. Given with analyze --enable MT0401 only.",
            "Set loadBalancer.simple."),
        CodeExplanation(
            "MT0402", "observed shares do not fit the prediction",
            "Endpoints got other shares of the requests than predicted, by more than chance does in 99 of 100 cases. Said by curl --live -n and the screen LB.",
            "Look for ejected endpoints, other proxies' requests, or a configuration that the proxy does not have."),
        CodeExplanation(
            "MT0501", "YAML of a page that is no object",
            "A page prints YAML without apiVersion and kind: it is not loaded.",
            "Nothing, if the page shows a part of an object; else complete it."),
        CodeExplanation(
            "MT0502", "a page without its markup", "A page has no blocks of code any more.",
            "Play the page's own source."),
    ]
}
