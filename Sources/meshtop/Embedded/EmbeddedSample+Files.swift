// swift-format-ignore-file
// Made of Samples/demo: `UPDATE_GOLDENS=1 swift test --filter EmbeddedSample` writes it again.

extension EmbeddedSample {
    static let files: [File] = [
        File(
            path: "Samples/demo/bookinfo.yaml",
            text: #"""
                # The book shop of many demonstrations: four services, three versions of one of them.
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: bookinfo-details
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: details
                  labels:
                    app: details
                spec:
                  selector:
                    app: details
                  ports:
                  - name: http
                    port: 9080
                    targetPort: 9080
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: details-v1
                spec:
                  replicas: 1
                  selector:
                    matchLabels:
                      app: details
                      version: v1
                  template:
                    metadata:
                      labels:
                        app: details
                        version: v1
                    spec:
                      serviceAccountName: bookinfo-details
                      containers:
                      - name: details
                        image: docker.io/istio/examples-bookinfo-details-v1
                        ports:
                        - containerPort: 9080
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: bookinfo-ratings
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: ratings
                  labels:
                    app: ratings
                spec:
                  selector:
                    app: ratings
                  ports:
                  - name: http
                    port: 9080
                    targetPort: 9080
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: ratings-v1
                spec:
                  replicas: 1
                  selector:
                    matchLabels:
                      app: ratings
                      version: v1
                  template:
                    metadata:
                      labels:
                        app: ratings
                        version: v1
                    spec:
                      serviceAccountName: bookinfo-ratings
                      containers:
                      - name: ratings
                        image: docker.io/istio/examples-bookinfo-ratings-v1
                        ports:
                        - containerPort: 9080
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: bookinfo-reviews
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: reviews
                  labels:
                    app: reviews
                spec:
                  selector:
                    app: reviews
                  ports:
                  - name: http
                    port: 9080
                    targetPort: 9080
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: reviews-v1
                spec:
                  replicas: 1
                  selector:
                    matchLabels:
                      app: reviews
                      version: v1
                  template:
                    metadata:
                      labels:
                        app: reviews
                        version: v1
                    spec:
                      serviceAccountName: bookinfo-reviews
                      containers:
                      - name: reviews
                        image: docker.io/istio/examples-bookinfo-reviews-v1
                        ports:
                        - containerPort: 9080
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: reviews-v2
                spec:
                  replicas: 1
                  selector:
                    matchLabels:
                      app: reviews
                      version: v2
                  template:
                    metadata:
                      labels:
                        app: reviews
                        version: v2
                    spec:
                      serviceAccountName: bookinfo-reviews
                      containers:
                      - name: reviews
                        image: docker.io/istio/examples-bookinfo-reviews-v2
                        ports:
                        - containerPort: 9080
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: reviews-v3
                spec:
                  replicas: 1
                  selector:
                    matchLabels:
                      app: reviews
                      version: v3
                  template:
                    metadata:
                      labels:
                        app: reviews
                        version: v3
                    spec:
                      serviceAccountName: bookinfo-reviews
                      containers:
                      - name: reviews
                        image: docker.io/istio/examples-bookinfo-reviews-v3
                        ports:
                        - containerPort: 9080
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: bookinfo-productpage
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: productpage
                  labels:
                    app: productpage
                spec:
                  selector:
                    app: productpage
                  ports:
                  - name: http
                    port: 9080
                    targetPort: 9080
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: productpage-v1
                spec:
                  replicas: 1
                  selector:
                    matchLabels:
                      app: productpage
                      version: v1
                  template:
                    metadata:
                      labels:
                        app: productpage
                        version: v1
                    spec:
                      serviceAccountName: bookinfo-productpage
                      containers:
                      - name: productpage
                        image: docker.io/istio/examples-bookinfo-productpage-v1
                        ports:
                        - containerPort: 9080
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata:
                  name: reviews
                spec:
                  host: reviews
                  trafficPolicy:
                    loadBalancer:
                      simple: RANDOM
                  subsets:
                  - name: v1
                    labels:
                      version: v1
                  - name: v2
                    labels:
                      version: v2
                  - name: v3
                    labels:
                      version: v3
                ---
                # Jason gets v2 of the reviews, everybody else a split of v1 and v3.
                #
                # Try:
                #   curl http://203.0.113.10/reviews/1 -H 'Host: bookinfo.example.com' -H 'end-user: jason'
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata:
                  name: bookinfo
                spec:
                  hosts:
                  - bookinfo.example.com
                  gateways:
                  - web
                  http:
                  - name: page
                    match:
                    - uri:
                        exact: /productpage
                    - uri:
                        prefix: /static
                    - uri:
                        prefix: /api/v1/products
                    route:
                    - destination:
                        host: productpage
                        port:
                          number: 9080
                  - name: reviews-of-jason
                    match:
                    - uri:
                        prefix: /reviews
                      headers:
                        end-user:
                          exact: jason
                    route:
                    - destination:
                        host: reviews
                        subset: v2
                  - name: reviews
                    match:
                    - uri:
                        prefix: /reviews
                    route:
                    - destination:
                        host: reviews
                        subset: v1
                      weight: 75
                    - destination:
                        host: reviews
                        subset: v3
                      weight: 25

                """#),
        File(
            path: "Samples/demo/gateway.yaml",
            text: #"""
                # One gateway for three hosts.
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata:
                  name: web
                spec:
                  selector:
                    istio: ingressgateway
                  servers:
                  - port:
                      number: 80
                      name: http
                      protocol: HTTP
                    hosts:
                    - httpbin.example.com
                    - bookinfo.example.com
                    - shop.example.com

                """#),
        File(
            path: "Samples/demo/httpbin.yaml",
            text: #"""
                # The workload: httpbin answers on /status/CODE, /delay/SECONDS, /headers, /get, /ip and more.
                # Its Service takes port 8000 and hands it to port 8080 of two Pods.
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: httpbin
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: httpbin
                  labels:
                    app: httpbin
                spec:
                  selector:
                    app: httpbin
                  ports:
                  - name: http
                    port: 8000
                    targetPort: 8080
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: httpbin
                spec:
                  replicas: 2
                  selector:
                    matchLabels:
                      app: httpbin
                      version: v1
                  template:
                    metadata:
                      labels:
                        app: httpbin
                        version: v1
                    spec:
                      serviceAccountName: httpbin
                      containers:
                      - name: httpbin
                        image: docker.io/kong/httpbin
                        ports:
                        - containerPort: 8080
                ---
                # Only /status and /delay go through: /headers of this host is the 404 to look into first.
                #
                # Try:
                #   curl -s -I -HHost:httpbin.example.com "http://$INGRESS_HOST:$INGRESS_PORT/status/200"
                #   curl -s -I -HHost:httpbin.example.com "http://$INGRESS_HOST:$INGRESS_PORT/headers"
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata:
                  name: httpbin
                spec:
                  hosts:
                  - httpbin.example.com
                  gateways:
                  - web
                  http:
                  - match:
                    - uri:
                        prefix: /status
                    - uri:
                        prefix: /delay
                    route:
                    - destination:
                        host: httpbin
                        port:
                          number: 8000

                """#),
        File(
            path: "Samples/demo/istio-ingressgateway.yaml",
            text: #"""
                # What "istioctl install" leaves behind, as far as traffic is concerned: a Service that the outside world
                # reaches, and the Pods of the gateway behind it. The Service says how ports of the address become ports of the
                # gateway: 80 is 8080 there.
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
                    app: istio-ingressgateway
                    istio: ingressgateway
                spec:
                  type: LoadBalancer
                  clusterIP: 10.96.0.80
                  selector:
                    app: istio-ingressgateway
                    istio: ingressgateway
                  ports:
                  - name: status-port
                    port: 15021
                    targetPort: 15021
                    nodePort: 30021
                  - name: http2
                    port: 80
                    targetPort: 8080
                    nodePort: 30080
                  - name: https
                    port: 443
                    targetPort: 8443
                    nodePort: 30443
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
                  labels:
                    app: istio-ingressgateway
                    istio: ingressgateway
                spec:
                  replicas: 1
                  selector:
                    matchLabels:
                      app: istio-ingressgateway
                      istio: ingressgateway
                  template:
                    metadata:
                      labels:
                        app: istio-ingressgateway
                        istio: ingressgateway
                      annotations:
                        inject.istio.io/templates: gateway
                    spec:
                      containers:
                      - name: istio-proxy
                        image: auto
                        ports:
                        - containerPort: 15021
                        - containerPort: 8080
                        - containerPort: 8443

                """#),
        File(
            path: "Samples/demo/shop.yaml",
            text: #"""
                # A shop with things to find: carts that stay with their customer, a catalogue in two versions, a subset without Pods
                # (503 UH), a subset that no rule defines (503 NC), and a redirect.
                #
                # Try:
                #   curl http://203.0.113.10/cart -H 'Host: shop.example.com' -H 'x-user: ann'
                #   curl http://203.0.113.10/catalog/42 -H 'Host: shop.example.com'
                #   curl -i http://203.0.113.10/beta -H 'Host: shop.example.com'
                #   curl -i http://203.0.113.10/next -H 'Host: shop.example.com'
                #   curl -i http://203.0.113.10/old/42 -H 'Host: shop.example.com'
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: shop
                  labels:
                    istio-injection: enabled
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: catalog
                  namespace: shop
                  labels:
                    app: catalog
                spec:
                  selector:
                    app: catalog
                  ports:
                  - name: http
                    port: 80
                    targetPort: 8080
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: catalog-v1
                  namespace: shop
                spec:
                  replicas: 3
                  selector:
                    matchLabels:
                      app: catalog
                      version: v1
                  template:
                    metadata:
                      labels:
                        app: catalog
                        version: v1
                    spec:
                      containers:
                      - name: catalog
                        image: docker.io/kong/httpbin
                        ports:
                        - containerPort: 8080
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: catalog-v2
                  namespace: shop
                spec:
                  replicas: 1
                  selector:
                    matchLabels:
                      app: catalog
                      version: v2
                  template:
                    metadata:
                      labels:
                        app: catalog
                        version: v2
                    spec:
                      containers:
                      - name: catalog
                        image: docker.io/kong/httpbin
                        ports:
                        - containerPort: 8080
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: cart
                  namespace: shop
                  labels:
                    app: cart
                spec:
                  selector:
                    app: cart
                  ports:
                  - name: http
                    port: 80
                    targetPort: 8080
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: cart
                  namespace: shop
                spec:
                  replicas: 4
                  selector:
                    matchLabels:
                      app: cart
                      version: v1
                  template:
                    metadata:
                      labels:
                        app: cart
                        version: v1
                    spec:
                      containers:
                      - name: cart
                        image: docker.io/kong/httpbin
                        ports:
                        - containerPort: 8080
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata:
                  name: catalog
                  namespace: shop
                spec:
                  host: catalog
                  trafficPolicy:
                    loadBalancer:
                      simple: ROUND_ROBIN
                  subsets:
                  - name: v1
                    labels:
                      version: v1
                  - name: v2
                    labels:
                      version: v2
                  # No Pod has this label.
                  - name: beta
                    labels:
                      version: v3-beta
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata:
                  name: cart
                  namespace: shop
                spec:
                  host: cart
                  trafficPolicy:
                    loadBalancer:
                      consistentHash:
                        httpHeaderName: x-user
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata:
                  name: shop
                  namespace: shop
                spec:
                  hosts:
                  - shop.example.com
                  gateways:
                  - default/web
                  http:
                  - name: cart
                    match:
                    - uri:
                        prefix: /cart
                    route:
                    - destination:
                        host: cart
                  - name: catalog
                    match:
                    - uri:
                        prefix: /catalog/
                    rewrite:
                      uri: /items/
                    route:
                    - destination:
                        host: catalog
                        subset: v1
                      weight: 90
                    - destination:
                        host: catalog
                        subset: v2
                      weight: 10
                  - name: beta
                    match:
                    - uri:
                        prefix: /beta
                    route:
                    - destination:
                        host: catalog
                        subset: beta
                  - name: next
                    match:
                    - uri:
                        prefix: /next
                    route:
                    - destination:
                        host: catalog
                        subset: v4
                  - name: old
                    match:
                    - uri:
                        prefix: /old/
                    redirect:
                      uri: /catalog/
                      redirectCode: 302

                """#),
    ]
}
