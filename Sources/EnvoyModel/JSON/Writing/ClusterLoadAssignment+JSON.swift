package import Documents

extension ClusterLoadAssignment {
    /// In Envoy's proto3 JSON form: snake_case, defaults left out. What was read is given back as it was.
    package var json: JSON { raw?.node.json ?? modelJSON }

    /// Written from the modelled fields alone.
    package var modelJSON: JSON {
        .message {
            $0.text("cluster_name", clusterName)
            $0.list("endpoints", localities.map(\.json))
            if overprovisioningFactor != nil || weightedPriorityHealth {
                $0.sub("policy") {
                    $0.number("overprovisioning_factor", overprovisioningFactor)
                    $0.flag("weighted_priority_health", weightedPriorityHealth)
                }
            }
        }
    }
}

extension LocalityLbEndpoints {
    package var json: JSON {
        .message {
            $0.message("locality", locality?.json)
            $0.list("lb_endpoints", endpoints.map(\.json))
            $0.number("load_balancing_weight", loadBalancingWeight)
            $0.number("priority", plain: Int64(priority))
            $0.metadata("metadata", metadata)
        }
    }
}

extension LbEndpoint {
    package var json: JSON {
        .message {
            $0.sub("endpoint") {
                $0.message("address", address?.json)
                $0.message("health_check_config", healthCheckConfig)
                $0.text("hostname", hostname)
                $0.list(
                    "additional_addresses",
                    additionalAddresses.map { address in .message { $0.message("address", address.json) } })
            }
            if healthStatus != .unknown { $0.text("health_status", healthStatus.rawValue) }
            $0.metadata("metadata", metadata)
            $0.number("load_balancing_weight", loadBalancingWeight)
        }
    }
}
