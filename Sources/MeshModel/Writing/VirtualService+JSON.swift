package import Documents

extension VirtualService {
    /// The whole object as a manifest.
    package var json: JSON {
        var spec = JSONObject()
        spec.addTexts("exportTo", exportTo)
        spec.addTexts("gateways", gateways)
        spec.addTexts("hosts", hosts)
        spec.addObjects("http", http.map(\.json))
        spec.addObjects("tcp", tcp.map(\.json))
        spec.addObjects("tls", tls.map(\.json))
        return meta.object(kind: Self.kindName, spec: spec)
    }
}

extension VirtualService.TCPRoute {
    var json: JSON {
        var object = JSONObject()
        object.addObjects("match", match.map(\.json))
        object.addObjects("route", route.map(\.json))
        return .object(object)
    }
}

extension VirtualService.TLSRoute {
    var json: JSON {
        var object = JSONObject()
        object.addObjects("match", match.map(\.json))
        object.addObjects("route", route.map(\.json))
        return .object(object)
    }
}

extension VirtualService.L4Match {
    var json: JSON {
        var object = JSONObject()
        object.addTexts("destinationSubnets", destinationSubnets)
        object.addTexts("gateways", gateways)
        object.addNumber("port", port)
        object.addMap("sourceLabels", sourceLabels)
        object.addText("sourceNamespace", sourceNamespace)
        object.addText("sourceSubnet", sourceSubnet)
        return .object(object)
    }
}

extension VirtualService.TLSMatch {
    var json: JSON {
        var object = JSONObject()
        object.addTexts("destinationSubnets", destinationSubnets)
        object.addTexts("gateways", gateways)
        object.addNumber("port", port)
        object.addTexts("sniHosts", sniHosts)
        object.addMap("sourceLabels", sourceLabels)
        object.addText("sourceNamespace", sourceNamespace)
        return .object(object)
    }
}

extension VirtualService.RouteDestination {
    var json: JSON {
        var object = JSONObject()
        object.add("destination", destination.json)
        object.addNumber("weight", weight)
        return .object(object)
    }
}

extension VirtualService.Destination {
    var json: JSON {
        var object = JSONObject()
        object.addText("host", host)
        if let port {
            var number = JSONObject()
            number.addNumber("number", port)
            object.add("port", .object(number))
        }
        object.addText("subset", subset)
        return .object(object)
    }
}
