class Animal:
    sound = '...'
    def __init__(self, name):
        self.name = name
    def speak(self):
        return f'{self.name} says {self.sound}'
class Dog(Animal):
    sound = 'woof'
    def __init__(self, name, age):
        super().__init__(name)
        self.age = age
    def speak(self):
        return super().speak() + '!'
d = Dog('Rex', 3)
a = Animal('It')
print(d.speak(), a.speak(), isinstance(d, Animal), isinstance(a, Dog), Dog.sound, d.age)
