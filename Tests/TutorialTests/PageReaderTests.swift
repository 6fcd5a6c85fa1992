import Testing

@testable import Tutorial

@Suite("reading a page")
struct PageReaderTests {
    @Test("fences, shortcodes, tabs and boxes give blocks with their lines")
    func blocks() {
        let page = PageReader.read(
            """
            ---
            title: x
            ---
            ## One {#one}

            *   a list

                {{< tip >}}
                {{< text bash >}}
                $ istioctl install
                {{< /text >}}
                {{< /tip >}}

            {{< tabset category-name="api" >}}
            {{< tab name="A" category-value="a" >}}
            {{< text syntax=bash snip_id=none >}}
            $ kubectl apply -f a.yaml
            {{< /text >}}
            {{< /tab >}}
            {{< tab name="B" >}}
               ```yaml
               apiVersion: v1
                 kind: x
               ```
            {{< /tab >}}
            {{< /tabset >}}
            ~~~sh
            curl http://x/
            ~~~
            """, file: "t.md")
        #expect(page.blocks.map(\.line) == [10, 17, 22, 28])
        #expect(page.blocks.map(\.language) == ["bash", "bash", "yaml", "sh"])
        #expect(page.blocks.map(\.aside) == ["tip", nil, nil, nil])
        #expect(page.blocks.map(\.tab) == [nil, "A", "B", nil])
        #expect(page.blocks[2].lines == ["apiVersion: v1", "  kind: x"])
        #expect(page.tabs == ["A", "B"])
        #expect(page.blocks(ofTab: "B").map(\.line) == [10, 22, 28])
        #expect(page.blocks(ofTab: nil).map(\.line) == [10, 17, 28])
        #expect(page.blocks[0].heading == "One")
    }

    @Test("tabs that are told by their indentation, and Docusaurus' own")
    func otherTabs() {
        let page = PageReader.read(
            """
            === "Helm"

                ```bash
                helm install x
                ```

            === "istioctl"

                ```bash
                istioctl install
                ```

            ```bash
            kubectl get ns
            ```
            <Tabs groupId="api">
            <TabItem value="a" label="First">

            ```bash
            curl http://a/
            ```

            </TabItem>
            </Tabs>
            """, file: "t.md")
        #expect(page.blocks.map(\.tab) == ["Helm", "istioctl", nil, "First"])
        #expect(
            page.blocks.map(\.lines) == [
                ["helm install x"], ["istioctl install"], ["kubectl get ns"], ["curl http://a/"],
            ])
        #expect(page.blocks(ofTab: "istioctl").count == 3)
    }

    @Test("a page that lost its markup still has its commands")
    func plainText() {
        let page = PageReader.read(
            "Some text about kubectl apply and curl.\nkubectl apply -f x.yaml\n\nMore.\ncurl -I http://x/\nHTTP/1.1 200 OK\n",
            file: "t.txt")
        #expect(page.blocks.map(\.lines) == [["kubectl apply -f x.yaml"], ["curl -I http://x/", "HTTP/1.1 200 OK"]])
    }
}
