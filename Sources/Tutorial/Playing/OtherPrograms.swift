/// Programs that tutorials call and play does not.
enum OtherPrograms {
    private static let reasons: [String: String] = [
        "helm": "helm renders charts that are not here: load what it installs with -f",
        "minikube": "minikube changes a machine, not manifests", "kind": "kind changes a machine, not manifests",
        "k3d": "k3d changes a machine, not manifests", "docker": "docker runs containers: nothing is run here",
        "podman": "podman runs containers: nothing is run here",
        "gcloud": "gcloud changes a cloud account, not manifests", "aws": "aws changes a cloud account, not manifests",
        "az": "az changes a cloud account, not manifests", "eksctl": "eksctl changes a cloud account, not manifests",
        "ibmcloud": "ibmcloud changes a cloud account, not manifests",
        "doctl": "doctl changes a cloud account, not manifests",
        "terraform": "terraform changes a cloud account, not manifests",
        "openssl": "openssl writes files, which play never does", "git": "git writes files, which play never does",
        "sed": "sed writes files, which play never does", "fortio": "load is not predicted",
        "hey": "load is not predicted", "siege": "load is not predicted", "ab": "load is not predicted",
        "wrk": "load is not predicted", "dig": "names are not looked up", "nslookup": "names are not looked up",
        "ping": "nothing is sent", "ssh": "nothing is run on other machines",
    ]

    static func reason(_ name: String) -> String {
        reasons[name] ?? "\(name.isEmpty ? "this" : name) is not a command that play knows: nothing is run here"
    }
}
