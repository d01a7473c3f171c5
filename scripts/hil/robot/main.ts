console.log('robot');
