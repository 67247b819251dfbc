class Node:
    def __init__(self, value, children=None):
        self.value = value
        self.children = children if children is not None else []
    def total(self):
        return self.value + sum(c.total() for c in self.children)
tree = Node(1, [Node(2), Node(3, [Node(4)])])
print(tree.total(), tree.children[1].children[0].value)
