def main():
    value = 1
    print('main', value)
if __name__ == '__main__':
    main()
