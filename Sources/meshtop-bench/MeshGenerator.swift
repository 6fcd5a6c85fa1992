/// Writes the manifests of a mesh of any size: per service a Service, an EndpointSlice with five endpoints, a VirtualService
/// and a DestinationRule, and one ingress gateway for all of them. The same seed gives the same bytes.
struct MeshGenerator {
    private var random: RandomNumbers

    init(seed: UInt64) { random = RandomNumbers(seed: seed) }

    /// So many services share a namespace, and a file.
    static let servicesPerNamespace = 100

    private static let words = [
        "account", "basket", "billing", "catalog", "checkout", "delivery", "fraud", "ledger", "mail", "orders",
        "payment",
        "pricing", "profile", "ratings", "reviews", "search", "session", "shipping", "stock", "tracking",
    ]

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int(random.next() % UInt64(choices.count))]
    }

    /// The ingress gateway: Namespace, Service, Deployment, Gateway.
    var ingressGateway: String {
        """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: istio-system
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: istio-ingressgateway
          namespace: istio-system
          labels:
            istio: ingressgateway
        spec:
          type: LoadBalancer
          clusterIP: 10.0.0.10
          selector:
            istio: ingressgateway
          ports:
          - name: http2
            port: 80
            targetPort: 8080
        status:
          loadBalancer:
            ingress:
            - ip: 203.0.113.10
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: istio-ingressgateway
          namespace: istio-system
        spec:
          replicas: 1
          selector:
            matchLabels:
              istio: ingressgateway
          template:
            metadata:
              labels:
                istio: ingressgateway
            spec:
              containers:
              - name: istio-proxy
                image: auto
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata:
          name: main
          namespace: istio-system
        spec:
          selector:
            istio: ingressgateway
          servers:
          - port:
              number: 80
              name: http
              protocol: HTTP
            hosts:
            - "*.example.com"

        """
    }

    /// The four objects of one service.
    mutating func service(_ number: Int) -> String {
        let name = "\(pick(Self.words))-\(number)"
        let namespace = Self.namespace(of: number)
        let (high, low) = (number / 250, number % 250)
        let protocolName = pick(["http", "http", "http", "grpc"])
        let port = pick([80, 8000, 8080, 9080])
        let target = pick([8080, 9090])
        return """
            apiVersion: v1
            kind: Service
            metadata:
              name: \(name)
              namespace: \(namespace)
              labels:
                app: \(name)
            spec:
              clusterIP: 10.\(96 + high / 250).\(high % 250).\(low + 1)
              selector:
                app: \(name)
              ports:
              - name: \(protocolName)
                port: \(port)
                targetPort: \(target)
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: \(name)-\(random.letters(5))
              namespace: \(namespace)
              labels:
                kubernetes.io/service-name: \(name)
            addressType: IPv4
            ports:
            - name: \(protocolName)
              port: \(target)
              protocol: TCP
            endpoints:
            \(endpoints(of: number))---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata:
              name: \(name)
              namespace: \(namespace)
            spec:
              hosts:
              - \(name).example.com
              gateways:
              - istio-system/main
              http:
            \(routes(to: "\(name).\(namespace).svc.cluster.local", port: port))---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata:
              name: \(name)
              namespace: \(namespace)
            spec:
              host: \(name).\(namespace).svc.cluster.local
              trafficPolicy:
                connectionPool:
                  http:
                    http1MaxPendingRequests: \(pick([64, 128, 1024]))
                outlierDetection:
                  consecutive5xxErrors: \(pick([3, 5, 7]))
            \(loadBalancer())
            """
    }

    static func namespace(of number: Int) -> String { "team-\(number / servicesPerNamespace)" }

    private mutating func endpoints(of number: Int) -> String {
        var text = ""
        for place in 0..<5 {
            let address = number * 5 + place
            text += """
                - addresses:
                  - 10.\(128 + address / 62500).\(address / 250 % 250).\(address % 250 + 1)
                  conditions:
                    ready: true
                  nodeName: node-\(random.next() % 200)

                """
        }
        return text
    }

    private mutating func routes(to host: String, port: Int) -> String {
        var text = ""
        for place in 0...Int(random.next() % 3) {
            let path = "/\(pick(Self.words))/\(random.letters(4))"
            if place == 0 {
                text += """
                      - match:
                        - uri:
                            exact: \(path)
                        - uri:
                            prefix: \(path)/
                          headers:
                            x-tenant:
                              exact: \(random.letters(8))
                        timeout: \(pick([1, 2, 5]))s

                    """
            } else {
                text += "  - match:\n    - uri:\n        prefix: \(path)\n"
            }
            text += "    route:\n    - destination:\n        host: \(host)\n        port:\n          number: \(port)\n"
        }
        text += "  - route:\n    - destination:\n        host: \(host)\n        port:\n          number: \(port)\n"
        return text
    }

    private mutating func loadBalancer() -> String {
        let simple = pick(["ROUND_ROBIN", "LEAST_REQUEST", "RANDOM", ""])
        guard simple.isEmpty else { return "    loadBalancer:\n      simple: \(simple)\n" }
        return "    loadBalancer:\n      consistentHash:\n        httpHeaderName: x-tenant\n"
    }
}

/// SplitMix64.
struct RandomNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func letters(_ count: Int) -> String {
        var text = ""
        for _ in 0..<count { text.unicodeScalars.append(Unicode.Scalar(UInt8(97 + next() % 26))) }
        return text
    }
}
