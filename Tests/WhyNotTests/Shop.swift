/// A small mesh for tests: a gateway, a catalog with two versions behind it, a caller in another namespace.
enum Shop {
    static let whole = gateway + route + rule + catalog + client

    static let gateway = """
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata:
          name: public
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
            - shop.example.com
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: istio-ingressgateway
          namespace: istio-system
        spec:
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
                args: [proxy, router]
                ports:
                - containerPort: 8080
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: istio-ingressgateway
          namespace: istio-system
        spec:
          selector:
            istio: ingressgateway
          ports:
          - name: http2
            port: 80
            targetPort: 8080

        """

    static let route = """
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: catalog
          namespace: shop
        spec:
          hosts:
          - shop.example.com
          gateways:
          - istio-system/public
          http:
          - match:
            - uri:
                prefix: /catalog
            route:
            - destination:
                host: catalog
                subset: v1
                port:
                  number: 9080

        """

    static let rule = """
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata:
          name: catalog
          namespace: shop
        spec:
          host: catalog
          subsets:
          - name: v1
            labels:
              version: v1
          - name: v2
            labels:
              version: v2

        """

    static let catalog = """
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: catalog
          namespace: shop
        spec:
          selector:
            app: catalog
          ports:
          - name: http
            port: 9080
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: catalog-v1
          namespace: shop
        spec:
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
                ports:
                - containerPort: 9080

        """

    static let client = """
        ---
        apiVersion: v1
        kind: Namespace
        metadata:
          name: front
          labels:
            istio-injection: enabled
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          namespace: front
          labels:
            app: web
        spec:
          containers:
          - name: web

        """
}
