/// The manifests of Istio's sample applications that tutorials apply, in our own words: what of them is routed.
enum IstioSamples {
    /// The text of a file by its path from `samples/`; `nil` for those that are not here.
    static func text(of path: String) -> String? {
        let name = path.filter { $0 != "@" }
        if name.hasPrefix("samples/httpbin/") {
            return ["httpbin.yaml", "httpbin-nodeport.yaml"].contains(last(of: name)) ? httpbin(name) : nil
        }
        switch last(of: name) {
        case "bookinfo.yaml" where name.contains("platform/kube"): return bookinfo
        case "bookinfo-gateway.yaml": return bookinfoGateway
        case "destination-rule-all.yaml": return destinationRules
        case "virtual-service-all-v1.yaml": return allV1
        case "virtual-service-reviews-90-10.yaml": return reviews(["v1": 90, "v2": 10])
        case "virtual-service-reviews-80-20.yaml": return reviews(["v1": 80, "v2": 20])
        case "virtual-service-reviews-50-v3.yaml": return reviews(["v1": 50, "v3": 50])
        case "virtual-service-reviews-v3.yaml": return reviews(["v3": 100])
        case "virtual-service-reviews-test-v2.yaml": return reviewsForJason
        case "curl.yaml": return workload("curl", port: 80, versions: [nil], image: "curlimages/curl")
        case "sleep.yaml": return workload("sleep", port: 80, versions: [nil], image: "curlimages/curl")
        case "helloworld.yaml" where name.hasPrefix("samples/helloworld"):
            return workload("helloworld", port: 5000, versions: ["v1", "v2"], image: "istio/examples-helloworld")
        case "notsleep.yaml": return workload("notsleep", port: 80, versions: [nil], image: "curlimages/curl")
        default: return nil
        }
    }

    private static func last(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private static func httpbin(_ path: String) -> String {
        let service =
            path.hasSuffix("nodeport.yaml") ? "  type: NodePort\n" : ""
        return """
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: httpbin
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: httpbin
              labels: {app: httpbin, service: httpbin}
            spec:
            \(service)  ports:
              - {name: http, port: 8000, targetPort: 8080}
              selector: {app: httpbin}
            ---

            """ + deployment("httpbin", version: "v1", port: 8080, image: "docker.io/kong/httpbin", name: "httpbin")
    }

    /// A Service, and a Deployment for each version.
    private static func workload(
        _ app: String, port: Int, versions: [String?], image: String, account: String? = nil
    ) -> String {
        """
        apiVersion: v1
        kind: Service
        metadata:
          name: \(app)
          labels: {app: \(app), service: \(app)}
        spec:
          ports:
          - {name: http, port: \(port)}
          selector: {app: \(app)}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: \(account ?? app)
        ---

        """
            + versions.map { version in
                let name = version.map { "\(app)-\($0)" } ?? app
                return deployment(app, version: version, port: port, image: image, name: name, account: account)
            }.joined(separator: "---\n")
    }

    private static func deployment(
        _ app: String, version: String?, port: Int, image: String, name: String, account: String? = nil
    ) -> String {
        let labels = version.map { "{app: \(app), version: \($0)}" } ?? "{app: \(app)}"
        return """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: \(name)
            spec:
              replicas: 1
              selector:
                matchLabels: \(labels)
              template:
                metadata:
                  labels: \(labels)
                spec:
                  serviceAccountName: \(account ?? app)
                  containers:
                  - name: \(app)
                    image: \(image)
                    ports:
                    - containerPort: \(port)

            """
    }

    private static let bookinfo = [
        ("details", ["v1"]), ("ratings", ["v1"]), ("reviews", ["v1", "v2", "v3"]), ("productpage", ["v1"]),
    ].map { app, versions in
        workload(
            app, port: 9080, versions: versions, image: "docker.io/istio/examples-bookinfo-\(app)",
            account: "bookinfo-\(app)")
    }.joined(separator: "---\n")

    private static let bookinfoGateway = """
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata:
          name: bookinfo-gateway
        spec:
          selector:
            istio: ingressgateway
          servers:
          - port: {number: 8080, name: http, protocol: HTTP}
            hosts: ["*"]
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: bookinfo
        spec:
          hosts: ["*"]
          gateways: [bookinfo-gateway]
          http:
          - match:
            - uri: {exact: /productpage}
            - uri: {prefix: /static}
            - uri: {exact: /login}
            - uri: {exact: /logout}
            - uri: {prefix: /api/v1/products}
            route:
            - destination:
                host: productpage
                port: {number: 9080}

        """

    private static let destinationRules = [
        ("productpage", ["v1"]), ("reviews", ["v1", "v2", "v3"]), ("ratings", ["v1"]), ("details", ["v1"]),
    ].map { app, versions in
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata:
          name: \(app)
        spec:
          host: \(app)
          subsets:

        """ + versions.map { "  - name: \($0)\n    labels: {version: \($0)}\n" }.joined()
    }.joined(separator: "---\n")

    private static func virtualService(_ app: String, _ routes: String) -> String {
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: \(app)
        spec:
          hosts: [\(app)]
          http:
          - route:
        \(routes)

        """
    }

    private static func route(_ app: String, _ subset: String, weight: Int?) -> String {
        "    - destination: {host: \(app), subset: \(subset)}" + (weight.map { "\n      weight: \($0)" } ?? "")
    }

    private static let allV1 = ["productpage", "reviews", "ratings", "details"].map {
        virtualService($0, route($0, "v1", weight: nil))
    }.joined(separator: "---\n")

    private static func reviews(_ weights: KeyValuePairs<String, Int>) -> String {
        let isOne = weights.count == 1
        return virtualService(
            "reviews",
            weights.map { route("reviews", $0.key, weight: isOne ? nil : $0.value) }.joined(separator: "\n"))
    }

    private static let reviewsForJason = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: reviews
        spec:
          hosts: [reviews]
          http:
          - match:
            - headers: {end-user: {exact: jason}}
            route:
            - destination: {host: reviews, subset: v2}
          - route:
            - destination: {host: reviews, subset: v1}

        """
}
